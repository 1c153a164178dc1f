using System.Diagnostics;

namespace Agent.Tracing;

/// <summary>The agent's listeners beside the provider's, which end with it.</summary>
static class OwnListeners
{
    static readonly List<ActivityListener> All = [];

    /// <summary>It hears from now on, until <see cref="End"/>.</summary>
    public static void Add(ActivityListener listener)
    {
        lock (All)
            All.Add(listener);
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>None of them hears anything any more.</summary>
    public static void End()
    {
        lock (All)
        {
            All.ForEach(static listener => listener.Dispose());
            All.Clear();
        }
    }
}
