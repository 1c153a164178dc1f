using Agent.Api;

namespace Notebook;

/// <summary>Notes on the spans that surround the caller.</summary>
static class Notes
{
    /// <param name="where">What the caller is.</param>
    public static string Write(string where)
    {
        Tracing.Current.SetAttribute($"current.{where}", true);
        Tracing.Root.SetAttribute($"root.{where}", true);
        return where;
    }
}
