using System.Diagnostics;

namespace Library;

/// <summary>The spans that the agent makes, with the same attributes.</summary>
public static class Spans
{
    public static ActivitySource Source { get; } = new("Library");

    public static Activity? Start(string name, string kind, string? function = null)
    {
        var activity = Source.StartActivity(name);
        activity?.SetTag("dispatch.kind", kind);
        if (function is not null)
            activity?.SetTag("code.function.name", function);
        return activity;
    }

    public static Activity? Filter(string name, string stage, string function)
    {
        var activity = Start($"filter {name} {stage}", "hook", function);
        activity?.SetTag("dispatch.filter.stage", stage);
        return activity;
    }

    public static Activity? View(string what, string path)
    {
        var activity = Start($"{what} {path}", "load");
        activity?.SetTag("dispatch.view.path", path);
        return activity;
    }
}
