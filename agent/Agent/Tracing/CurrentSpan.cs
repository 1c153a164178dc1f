using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Agent.Tracing;

/// <summary>
/// The spans of ours that enclose the running code. None of them is ever <see cref="Activity.Current"/>, which stays what it is without us: the app's own code reads
/// it, sets tags and baggage on it, and prints its id. The rule of parents: the parent is whichever of the two was begun last in this flow of execution, the
/// current activity or a span of ours.
/// </summary>
static class CurrentSpan
{
    static readonly AsyncLocal<SpanScope?> Flow = new();

    /// <summary>Whether a span can do without being current. Otherwise it is current while it lasts, and everything else is as it is.</summary>
    internal static bool IsApart { get; set; } = Creation.CanSetParent && Probe();

    static readonly List<ActivityListener> Listeners = [];

    static int s_isSaid;

    /// <summary>The innermost span of ours around the running code, with those around it; null if there is none.</summary>
    public static SpanScope? Scope
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    /// <summary>The innermost span, of ours or the current activity: what a span that begins now is the child of. Null if there is none.</summary>
    public static Activity? Innermost => InnermostIn(Flow.Value, Activity.Current);

    static Activity? InnermostIn(SpanScope? scope, Activity? current) => scope is not null && ReferenceEquals(scope.Around, current) ? scope.Span : current;

    /// <summary>The outermost span of this process that encloses the running code; null if there is none.</summary>
    public static Activity? Root
    {
        get
        {
            var root = Innermost;
            while (root?.Parent is { } parent)
                root = parent;
            // An activity below a span that began a trace knows its id, not the object.
            for (var scope = Flow.Value; root is not null && scope is not null; scope = scope.Outer)
            {
                if (scope.Outer is null && scope.Around is null && scope.Span.TraceId == root.TraceId)
                    return scope.Span;
            }
            return root;
        }
    }

    /// <summary>Begins a span below <see cref="Innermost"/>, which encloses what follows. Null if it is not wanted.</summary>
    /// <param name="source">Of its kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Whether it is a call of somebody else.</param>
    /// <param name="tags">Its first attributes.</param>
    /// <param name="since">When it has begun, if that was earlier.</param>
    public static Activity? Begin(ActivitySource source, string name, ActivityKind kind = ActivityKind.Internal, IEnumerable<KeyValuePair<string, object?>>? tags = null, DateTimeOffset since = default)
    {
        var current = Activity.Current;
        var parent = InnermostIn(Flow.Value, current);
        var span = IsApart
            ? source.CreateActivity(name, kind, parent?.Context ?? default, tags, links: null, ActivityIdFormat.W3C)
            : source.StartActivity(name, kind, parentContext: default, tags, startTime: since);
        return Begun(span, parent, current, since);
    }

    /// <summary>Begins a span of another trace, or of a new one, whatever is around. Null if it is not wanted.</summary>
    /// <param name="source">Of its kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="kind">What role this process has.</param>
    /// <param name="parent">Where it belongs; default for a new trace.</param>
    /// <param name="tags">Its first attributes.</param>
    public static Activity? BeginElsewhere(ActivitySource source, string name, ActivityKind kind, ActivityContext parent, IEnumerable<KeyValuePair<string, object?>>? tags = null)
    {
        var (current, scope) = (Activity.Current, Flow.Value);
        Activity.Current = null; // or it would be the parent where none is given
        Flow.Value = null;
        Activity? span = null;
        try
        {
            span = IsApart ? source.CreateActivity(name, kind, parent, tags, links: null, ActivityIdFormat.W3C) : source.StartActivity(name, kind, parent, tags);
        }
        finally
        {
            Flow.Value = scope;
            if (IsApart || span is null)
                Activity.Current = current;
        }
        return Begun(span, null, current, default);
    }

    static Activity? Begun(Activity? span, Activity? parent, Activity? current, DateTimeOffset since)
    {
        if (span is null)
            return null;
        if (IsApart)
        {
            if (span.TraceId == default)
                TraceId(span) = (Activity.TraceIdGenerator?.Invoke() ?? ActivityTraceId.CreateRandom()).ToHexString();
            SpanId(span) = ActivitySpanId.CreateRandom().ToHexString();
            SetParent(span, parent); // for baggage, and for Root
            span.SetStartTime(since == default ? DateTime.UtcNow : since.UtcDateTime);
            NotifyStart(span.Source, span);
        }
        Flow.Value = new SpanScope(span, current, Flow.Value);
        return span;
    }

    /// <summary>What follows in this flow is inside of a span that goes on, until <see cref="Leave"/>.</summary>
    public static void Enter(Activity span)
    {
        Flow.Value = new SpanScope(span, Activity.Current, Flow.Value);
        if (!IsApart)
            Activity.Current = span;
    }

    /// <summary>What follows is no longer inside.</summary>
    public static void Leave(SpanScope scope)
    {
        Flow.Value = scope.Outer;
        if (!IsApart)
            Activity.Current = scope.Before;
    }

    /// <summary>The span has ended; it is told to whoever sends spans.</summary>
    public static void End(Activity span)
    {
        if (!IsApart)
        {
            var current = Activity.Current;
            span.Stop();
            if (current is not { IsStopped: true })
                Activity.Current = current;
            return;
        }
        if (span.IsStopped)
            return;
        SetStopped(span, true);
        if (span.Duration == default)
            span.SetEndTime(DateTime.UtcNow);
        NotifyStop(span.Source, span);
    }

    /// <summary>The span that an activity belongs below, as it starts.</summary>
    public static Activity? ParentOf(Activity activity) => IsInside(activity, Flow.Value) ? Flow.Value!.Span : activity.Parent;

    /// <summary>The span of ours that an activity of somebody else would belong below if it started now without any parent; null if there is none.</summary>
    public static Activity? AroundRoots => Flow.Value is { Around: null } scope && Activity.Current is null ? scope.Span : null;

    /// <summary>
    /// Whether an activity that starts is inside of the innermost span of ours, and not of something the app has begun since. One that has nothing around it has
    /// its parent by then (<see cref="AdoptRoot"/>).
    /// </summary>
    static bool IsInside(Activity activity, SpanScope? scope) => scope is not null && (activity.Parent is { } parent
        ? ReferenceEquals(parent, scope.Around)
        : scope.Around is { } around ? activity.ParentSpanId == around.SpanId && activity.TraceId == around.TraceId : activity.ParentSpanId == scope.Span.SpanId);

    /// <summary>
    /// Activities of these sources hang below the spans of ours that enclose them. To be called before whoever sends spans listens to them, if its processors
    /// are to see that already as they start.
    /// </summary>
    public static void Adopt(Func<string, bool> isHeard)
    {
        if (!IsApart)
        {
            if (Interlocked.Exchange(ref s_isSaid, 1) == 0)
                Log.Warn("this System.Diagnostics.DiagnosticSource keeps its spans in a way that is not known here, so the agent's spans are the app's current activities while they last.");
            return;
        }
        var listener = new ActivityListener
        {
            ShouldListenTo = source => isHeard(source.Name) && !Names.IsOwnSource(source.Name),
            Sample = AdoptRoot,
            ActivityStarted = static activity =>
            {
                if (Flow.Value is { Around: not null } scope && activity.IdFormat == ActivityIdFormat.W3C && IsInside(activity, scope))
                    Adopt(activity, scope);
            },
        };
        lock (Listeners)
            Listeners.Add(listener);
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>There are no spans of ours any more.</summary>
    public static void Stop()
    {
        lock (Listeners)
        {
            Listeners.ForEach(static listener => listener.Dispose());
            Listeners.Clear();
        }
    }

    /// <summary>One that knows nothing around it gets its parent before the samplers are asked, which see it.</summary>
    static ActivitySamplingResult AdoptRoot(ref ActivityCreationOptions<ActivityContext> options)
    {
        if (options.Parent == default && AroundRoots is { } root)
            Creation.SetParent(ref options, root.Context);
        return ActivitySamplingResult.None;
    }

    static void Adopt(Activity activity, SpanScope scope)
    {
        ParentSpanId(activity) = scope.Span.SpanId.ToHexString();
        ParentFlags(activity) = (byte)scope.Span.ActivityTraceFlags;
        Id(activity) = null;
        ParentId(activity) = null;
    }

    static bool Probe()
    {
        try
        {
            var probe = new Activity("probe");
            (SpanId(probe), TraceId(probe), ParentSpanId(probe), Id(probe), ParentId(probe)) = (null, null, null, null, null);
            ParentFlags(probe) = 0;
            SetParent(probe, null);
            SetStopped(probe, false);
            NotifyStart(probe.Source, probe);
            NotifyStop(probe.Source, probe);
            return true;
        }
        catch (Exception e) when (e is MissingFieldException or MissingMethodException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    static extern ref string? SpanId(Activity activity);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_traceId")]
    static extern ref string? TraceId(Activity activity);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_parentSpanId")]
    static extern ref string? ParentSpanId(Activity activity);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_parentTraceFlags")]
    static extern ref byte ParentFlags(Activity activity);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_id")]
    static extern ref string? Id(Activity activity);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_parentId")]
    static extern ref string? ParentId(Activity activity);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Parent")]
    static extern void SetParent(Activity activity, Activity? parent);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_IsStopped")]
    static extern void SetStopped(Activity activity, bool isStopped);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "NotifyActivityStart")]
    static extern void NotifyStart(ActivitySource source, Activity activity);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "NotifyActivityStop")]
    static extern void NotifyStop(ActivitySource source, Activity activity);
}

/// <summary>A span of ours and where it was entered.</summary>
/// <param name="Span">The span.</param>
/// <param name="Before">What was the current activity before.</param>
/// <param name="Outer">The span of ours around.</param>
sealed record SpanScope(Activity Span, Activity? Before, SpanScope? Outer)
{
    /// <summary>What is the current activity directly inside of the span.</summary>
    public Activity? Around => CurrentSpan.IsApart ? Before : Span;
}
