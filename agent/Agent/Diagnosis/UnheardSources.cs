using System.Diagnostics;

namespace Agent.Diagnosis;

/// <summary>Activity sources that are there and that nobody listens to: a library that the agent does not know, whose spans a setting would bring.</summary>
static class UnheardSources
{
    /// <summary>Their names. Looked for when somebody wants to know: the runtime shows a new listener all that there are.</summary>
    public static string[] Find()
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source =>
            {
                if (source.Name.Length > 0 && !source.HasListeners() && !Names.IsOwnSource(source.Name))
                    names.Add(source.Name);
                return false;
            },
        };
        ActivitySource.AddActivityListener(listener);
        return [.. names];
    }
}
