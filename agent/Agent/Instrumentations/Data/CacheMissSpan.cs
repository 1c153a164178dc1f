using System.Diagnostics;
using Agent.Tracing;

namespace Agent.Instrumentations.Data;

/// <summary>
/// An internal span around the making of what a memory cache has not had. Says whose factory it is, and nothing of key and value. A hit, which needs
/// no span, costs two looks at a variable of the thread.
/// </summary>
sealed class CacheMissSpan : DispatchSpan
{
    static readonly ActivitySource Source = new(Names.DataSource, AgentProcess.Version);

    /// <summary>Of a call on this thread that has not made its entry yet.</summary>
    [ThreadStatic]
    static Delegate? t_factory;

    /// <summary>Of the innermost call on this thread.</summary>
    [ThreadStatic]
    static CacheMissSpan? t_miss;

    CacheMissSpan(SpanRecord record) : base(record) { }

    /// <summary>Whether one that begins now would be recorded.</summary>
    public static bool MayBegin => MayStart(Source);

    /// <summary>A call begins that may be a miss.</summary>
    /// <returns>The miss of the call around it, for <see cref="Leave"/>.</returns>
    public static CacheMissSpan? Enter(Delegate? factory)
    {
        var around = t_miss;
        (t_factory, t_miss) = (factory, null);
        return around;
    }

    /// <summary>An entry is made, by such a call or otherwise.</summary>
    public static void Begin()
    {
        if (t_factory is not { } factory)
            return;
        t_factory = null; // what the factory does is not this call's
        t_miss = Around(factory);
    }

    /// <summary>Something is made because it is not there, and this is who makes it. Null if it would not be recorded.</summary>
    public static CacheMissSpan? Around(Delegate factory)
    {
        if (!MayStart(Source) || CurrentSpan.Begin(Source, "cache miss") is not { } record)
            return null;
        if (record.IsAllDataRequested)
            record.SetTag(Names.CodeFunction, CodeName.Of(factory.Method));
        return new CacheMissSpan(record);
    }

    /// <summary>The call has returned or thrown.</summary>
    /// <returns>The span to end; null if it was a hit, or is not recorded.</returns>
    public static CacheMissSpan? Leave(CacheMissSpan? around)
    {
        var miss = t_miss;
        (t_factory, t_miss) = (null, around);
        return miss;
    }
}
