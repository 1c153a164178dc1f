using System.Diagnostics;

namespace Agent.Tracing;

/// <summary>The id of a trace that is known before its first span is made: samplers see it, and some decide by it.</summary>
static class GivenTraceId
{
    [ThreadStatic]
    static ActivityTraceId t_given;

    static Func<ActivityTraceId>? s_apps;

    static int s_isThere;

    /// <summary>Traces that begin on this thread have this id, until what is returned is disposed of. Where the app makes ids itself from later on, samplers see those.</summary>
    public static Given Give(ActivityTraceId id)
    {
        if (Interlocked.Exchange(ref s_isThere, 1) == 0)
        {
            s_apps = Activity.TraceIdGenerator;
            Activity.TraceIdGenerator = static () => t_given != default ? t_given : s_apps?.Invoke() ?? ActivityTraceId.CreateRandom();
        }
        t_given = id;
        return default;
    }

    internal readonly struct Given : IDisposable
    {
        public void Dispose() => t_given = default;
    }
}
