using System.Diagnostics;
using Agent.Instrumentations;

namespace Agent.Tracing;

/// <summary>
/// What a library does for itself, by where it does it: its rounds, and the loops, timers and threads that it starts. A call of somebody else's that begins there with nothing around it is
/// left out, with everything in it. What the app's own code does there has a span around it, of a job or a message that is handled; where it has none, it is taken out
/// of this. Unlike <see cref="Unrecorded.Enter"/>, the app sees nothing of it. Decision 64.
/// </summary>
static class Bookkeeping
{
    static readonly AsyncLocal<bool> Flow = new();
    static readonly Lock Gate = new();

    static bool s_isThere, s_hasProvider, s_isHeard;

    /// <summary>Whether a span is bookkeeping that begins now, and has no parent.</summary>
    public static bool Is(ActivityKind kind) => kind == ActivityKind.Client && Flow.Value;

    /// <summary>What follows in this flow, and what it starts, is done by the library for itself, or is not.</summary>
    /// <returns>What it was before, which is to be set again.</returns>
    public static bool Set(bool isOwn)
    {
        var before = Flow.Value;
        if (isOwn == before || Settings.Current.IsPollingTraced)
            return before;
        if (isOwn && !s_isThere)
            Listen(isThere: true, hasProvider: s_hasProvider);
        Flow.Value = isOwn;
        return before;
    }

    /// <summary>To be called when there is a provider, before which it would be too early: what this listener changes, that has decided. Without such libraries nobody listens.</summary>
    public static void Start()
    {
        s_isHeard = false;
        Listen(s_isThere, hasProvider: true);
    }

    static void Listen(bool isThere, bool hasProvider)
    {
        lock (Gate)
        {
            (s_isThere, s_hasProvider) = (s_isThere || isThere, s_hasProvider || hasProvider);
            if (!s_isThere || !s_hasProvider || s_isHeard)
                return;
            s_isHeard = true;
        }
        OwnListeners.Add(new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Names.DataSource || Libraries.WithSource(source.Name) is not null,
            ActivityStarted = static activity =>
            {
                if (Is(activity.Kind) && activity.ParentId is null)
                    Unrecorded.Make(activity);
            },
        });
    }
}
