using System.Diagnostics;

namespace Library;

public static class Spans
{
    public static ActivitySource Source { get; } = new("Library");
}
