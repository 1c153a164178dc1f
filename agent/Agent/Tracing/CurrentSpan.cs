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

    /// <summary>Stands for none, where none may begin.</summary>
    static readonly SpanRecord Silent = MakeSilent();

    static int s_isSaid;

    /// <summary>The innermost span of ours around the running code, with those around it; null if there is none.</summary>
    public static SpanScope? Scope
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    /// <summary>The innermost span around the running code, if it is one of ours: what a span that begins now is the child of.</summary>
    public static SpanRecord? Innermost => InnermostIn(Flow.Value, Activity.Current) is { } span && span != Silent ? span : null;

    static SpanRecord? InnermostIn(SpanScope? scope, Activity? current) => scope is not null && ReferenceEquals(scope.Around, current) ? scope.Span : null;

    /// <summary>The innermost span as an activity: the current one where that is inside.</summary>
    public static Activity? InnermostActivity => Innermost is { } span ? span.ToActivity() : Activity.Current;

    /// <summary>Whether what is around is recorded; null if there is nothing. False where no span may begin.</summary>
    public static bool? IsRecorded
    {
        get
        {
            var (scope, current) = (Flow.Value, Activity.Current);
            if (scope is not null && scope.Span == Silent)
                return false; // also inside of what the app has begun since
            return InnermostIn(scope, current) is { } span ? span.IsAllDataRequested : current?.IsAllDataRequested;
        }
    }

    /// <summary>Of the innermost span, of ours or the current activity; null if there is none.</summary>
    public static ActivityContext? Context => Innermost is { } span ? span.Context : Activity.Current?.Context;

    /// <summary>The outermost span of this process that encloses the running code; null if there is none.</summary>
    public static Activity? Root
    {
        get
        {
            var root = Innermost is { } span ? span.Nearest : Activity.Current;
            while (root?.Parent is { } parent)
                root = parent;
            // An activity below a span that began a trace knows its id, not the object.
            for (var scope = Flow.Value; root is not null && scope is not null; scope = scope.Outer)
            {
                if (scope.Outer is null && scope.Around is null && scope.Span.TraceId == root.TraceId)
                    return scope.Span.ToActivity();
            }
            return root;
        }
    }

    /// <summary>Begins a span below the innermost one, of ours or the current activity, which encloses what follows. Null if it is not wanted.</summary>
    /// <param name="source">Of its kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Whether it is a call of somebody else.</param>
    /// <param name="tags">Its first attributes, which are not copied.</param>
    /// <param name="since">When it has begun, if that was earlier.</param>
    public static SpanRecord? Begin(ActivitySource source, string name, ActivityKind kind = ActivityKind.Internal, KeyValuePair<string, object?>[]? tags = null, DateTimeOffset since = default)
    {
        var (current, scope) = (Activity.Current, Flow.Value);
        var parent = InnermostIn(scope, current);
        var above = parent is not null ? parent.Nearest : current;
        if (Records is not null && above is { IsAllDataRequested: true, Recorded: true, IdFormat: ActivityIdFormat.W3C } && (tags is null || tags.Length <= SpanRecord.MostGiven))
        {
            var span = new SpanRecord(source, name, kind, tags ?? [], above, parent, current, scope, since) { FlowBefore = ExecutionContext.Capture() };
            Flow.Value = span;
            span.FlowInside = ExecutionContext.Capture();
            return span;
        }
        var activity = IsApart
            ? source.CreateActivity(name, kind, parent?.Context ?? current?.Context ?? default, tags, links: null, ActivityIdFormat.W3C)
            : source.StartActivity(name, kind, parentContext: default, tags, startTime: since);
        return Begun(activity, above, current, since);
    }

    /// <summary>Begins a span of another trace, or of a new one, whatever is around. Null if it is not wanted.</summary>
    /// <param name="source">Of its kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="kind">What role this process has.</param>
    /// <param name="parent">Where it belongs; default for a new trace.</param>
    /// <param name="tags">Its first attributes.</param>
    public static SpanRecord? BeginElsewhere(ActivitySource source, string name, ActivityKind kind, ActivityContext parent, IEnumerable<KeyValuePair<string, object?>>? tags = null)
    {
        var (current, scope) = (Activity.Current, Flow.Value);
        Activity.Current = null; // or it would be the parent where none is given
        Flow.Value = null;
        Activity? activity = null;
        try
        {
            activity = IsApart ? source.CreateActivity(name, kind, parent, tags, links: null, ActivityIdFormat.W3C) : source.StartActivity(name, kind, parent, tags);
        }
        finally
        {
            Flow.Value = scope;
            if (IsApart || activity is null)
                Activity.Current = current;
        }
        return Begun(activity, null, current, default);
    }

    /// <summary>
    /// A span that is told when it has ended, perhaps by another process that knows its id, and is around nothing here. What belongs below it can name it from now on. Samplers are asked now; if
    /// they do not want it, it will not be told. Null if spans cannot be made like that.
    /// </summary>
    /// <param name="source">Of its kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="kind">What role this process has.</param>
    /// <param name="parent">Where it belongs; default for a new trace.</param>
    /// <param name="tags">Its first attributes.</param>
    /// <param name="trace">The trace, which is the parent's if there is one.</param>
    /// <param name="id">The span's.</param>
    public static Activity? Foretell(ActivitySource source, string name, ActivityKind kind, ActivityContext parent, IEnumerable<KeyValuePair<string, object?>>? tags, ActivityTraceId trace, ActivitySpanId id)
    {
        if (!IsApart)
            return null;
        var (current, scope) = (Activity.Current, Flow.Value);
        Activity.Current = null; // or it would be the parent where none is given
        Flow.Value = null;
        Activity? activity;
        try
        {
            using var _ = parent == default ? GivenTraceId.Give(trace) : default;
            activity = source.CreateActivity(name, kind, parent, tags, links: null, ActivityIdFormat.W3C);
        }
        finally
        {
            Flow.Value = scope;
            Activity.Current = current;
        }
        if (activity is null)
            Unrecorded.Make(activity = new Activity(name).SetIdFormat(ActivityIdFormat.W3C));
        (TraceId(activity), SpanId(activity)) = (trace.ToHexString(), id.ToHexString());
        return activity;
    }

    /// <summary>A span that was foretold has ended now.</summary>
    /// <param name="activity">The span.</param>
    /// <param name="since">When it has begun.</param>
    public static void Tell(Activity activity, DateTime since)
    {
        if (!activity.IsAllDataRequested)
            return;
        Start(activity, null, activity.SpanId.ToHexString(), since);
        SetStopped(activity, true);
        var end = DateTime.UtcNow;
        activity.SetEndTime(end > since ? end : since); // it may have begun by another machine's clock
        NotifyStop(activity.Source, activity);
    }

    static SpanRecord? Begun(Activity? activity, Activity? parent, Activity? current, DateTimeOffset since)
    {
        if (activity is null)
            return null;
        if (IsApart)
            Start(activity, parent, ActivitySpanId.CreateRandom().ToHexString(), since == default ? DateTime.UtcNow : since.UtcDateTime);
        var span = new SpanRecord(activity, current, Flow.Value);
        Flow.Value = span;
        return span;
    }

    /// <summary>An activity for what was a record until now.</summary>
    internal static Activity Create(ActivitySource source, string name, ActivityKind kind, ActivityContext parent, IEnumerable<KeyValuePair<string, object?>> tags, Activity above, string id, DateTime start)
    {
        var activity = source.CreateActivity(name, kind, parent, tags, links: null, ActivityIdFormat.W3C);
        if (activity is null) // nobody listens any more, or wants it now
        {
            activity = new Activity(name);
            TraceId(activity) = parent.TraceId.ToHexString();
            foreach (var (tag, value) in tags)
                activity.SetTag(tag, value);
        }
        Start(activity, above, id, start);
        return activity;
    }

    /// <summary>Does what is otherwise done when an activity is started, but that it becomes the current one.</summary>
    static void Start(Activity activity, Activity? parent, string id, DateTime time)
    {
        if (activity.TraceId == default)
            TraceId(activity) = (Activity.TraceIdGenerator?.Invoke() ?? ActivityTraceId.CreateRandom()).ToHexString();
        SpanId(activity) = id;
        SetParent(activity, parent); // for baggage, and for Root
        activity.SetStartTime(time);
        NotifyStart(activity.Source, activity);
    }

    /// <summary>What follows in this flow is inside of a span that goes on, until the scope is restored.</summary>
    public static void Enter(SpanRecord span)
    {
        Flow.Value = new SpanScope(span, Activity.Current, Flow.Value);
        if (!IsApart)
            Activity.Current = span.Activity;
    }

    /// <summary>No span of ours begins in what follows in this flow, until the scope is restored. What others begin there is as if there were no spans of ours around.</summary>
    /// <returns>The scope that was there.</returns>
    public static SpanScope? Silence()
    {
        var scope = Flow.Value;
        Flow.Value = new SpanScope(Silent, Activity.Current, null);
        return scope;
    }

    static SpanRecord MakeSilent()
    {
        var activity = new Activity("silent");
        Unrecorded.Make(activity);
        return new SpanRecord(activity);
    }

    /// <summary>What follows is no longer inside of a span that has just been begun.</summary>
    public static void Leave(SpanRecord span)
    {
        // What has been inside has mostly left the flow as it found it: then the one of before is put back, which costs less than to change it once more.
        if (span is { FlowInside: { } inside, FlowBefore: { } before } && ReferenceEquals(ExecutionContext.Capture(), inside))
            ExecutionContext.Restore(before);
        else
            Flow.Value = span.Outer;
        span.FlowInside = span.FlowBefore = null; // they hold what the app keeps there
        if (!IsApart)
            Activity.Current = span.Before;
    }

    /// <summary>The span has ended; it is handed over to whoever sends spans.</summary>
    public static void End(SpanRecord span)
    {
        if (!IsApart)
        {
            var current = Activity.Current;
            span.Activity!.Stop();
            if (current is not { IsStopped: true })
                Activity.Current = current;
            return;
        }
        if (!span.HandOver())
            return;
        if (span.Activity is null && Records is { } records)
        {
            records(span);
            return;
        }
        var activity = span.ToActivity();
        SetStopped(activity, true);
        if (activity.Duration == default)
            activity.SetEndTime(DateTime.UtcNow);
        NotifyStop(activity.Source, activity);
    }

    /// <summary>Where spans go as records; null if each has to be an activity, because somebody sees them who knows nothing else.</summary>
    public static Action<SpanRecord>? Records
    {
        get;
        set => field = IsApart ? value : null;
    }

    /// <summary>The span of ours that an activity belongs directly below, as it starts; null if it is not.</summary>
    public static SpanRecord? ParentOf(Activity activity) => IsInside(activity, Flow.Value) ? Flow.Value!.Span : null;

    /// <summary>The span of ours that an activity of somebody else would belong below if it started now without any parent; null if there is none.</summary>
    public static SpanRecord? AroundRoots => Flow.Value is { Around: null } scope && scope.Span != Silent && Activity.Current is null ? scope.Span : null;

    /// <summary>
    /// Whether an activity that starts is inside of the innermost span of ours, and not of something the app has begun since. One that has nothing around it has
    /// its parent by then (<see cref="AdoptRoot"/>).
    /// </summary>
    static bool IsInside(Activity activity, SpanScope? scope) => scope is not null && scope.Span != Silent && (activity.Parent is { } parent
        ? ReferenceEquals(parent, scope.Around)
        : scope.Around is { } around ? activity.ParentSpanId == around.SpanId && activity.TraceId == around.TraceId : activity.ParentSpanId.ToHexString() == scope.Span.HexId);

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
        Records = null;
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
        ParentFlags(activity) = (byte)scope.Span.Nearest.ActivityTraceFlags;
        SetParentId(activity, scope.Span.HexId);
    }

    /// <summary>Hangs an activity that starts below another span of its trace, if that is possible.</summary>
    /// <param name="activity">It has a parent in this process.</param>
    /// <param name="id">16 hexadecimal digits.</param>
    public static void SetParentId(Activity activity, string id)
    {
        if (!IsApart)
            return;
        ParentSpanId(activity) = id;
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
    internal static extern void SetStopped(Activity activity, bool isStopped);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "NotifyActivityStart")]
    static extern void NotifyStart(ActivitySource source, Activity activity);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "NotifyActivityStop")]
    static extern void NotifyStop(ActivitySource source, Activity activity);
}
