using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;

namespace Agent.Tracing;

/// <summary>
/// A span of ours while it lasts. Where nobody but the agent's own exporter can see the difference, it is a small record that is written as it is, which costs a
/// fraction of an activity; otherwise, or as soon as somebody wants more than a record can keep (an event, an array), it is an <see cref="System.Diagnostics.Activity"/>
/// that was never started, with the same ids. Members may be called by several threads.
/// </summary>
sealed class SpanRecord : SpanScope
{
    readonly KeyValuePair<string, object?>[] _given;

    /// <summary>Which of the given attributes do not count any more: a bit for each.</summary>
    uint _replaced;

    KeyValuePair<string, object?>[]? _own;
    int _ownCount;

    readonly Activity? _above;
    readonly ulong _id;
    readonly ulong _parentId;
    readonly long _startTicks;
    long _endTicks;

    Activity? _activity;
    string _name;
    ActivityStatusCode _status;
    string? _statusDescription;
    bool _isHandedOver;

    /// <summary>A record.</summary>
    /// <param name="source">Of its kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Whether it is a call of somebody else.</param>
    /// <param name="tags">Its first attributes, shared by all spans of the place: at most 32.</param>
    /// <param name="above">The nearest activity above, whose trace it belongs to.</param>
    /// <param name="parent">The span that it is directly below; null if that is <paramref name="above"/>.</param>
    /// <param name="before">What was the current activity before.</param>
    /// <param name="outer">The scope around.</param>
    /// <param name="since">When it has begun, if that was earlier.</param>
    public SpanRecord(ActivitySource source, string name, ActivityKind kind, KeyValuePair<string, object?>[] tags, Activity above, SpanRecord? parent, Activity? before, SpanScope? outer, DateTimeOffset since)
        : base(null, before, outer)
    {
        (Source, _name, OperationName, Kind, _given, _above) = (source, name, name, kind, tags, above);
        _parentId = parent is { _activity: null } ? parent._id : Number(above.SpanId);
        do
            _id = (ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue);
        while (_id == 0);
        _startTicks = since == default ? DateTime.UtcNow.Ticks : since.UtcTicks;
    }

    /// <summary>A span that is an activity from its beginning.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="before">What was the current activity before.</param>
    /// <param name="outer">The scope around.</param>
    public SpanRecord(Activity activity, Activity? before = null, SpanScope? outer = null) : base(null, before, outer)
    {
        (_activity, Source, OperationName, _name, Kind, _given) = (activity, activity.Source, activity.OperationName, "", activity.Kind, []);
    }

    /// <summary>The most attributes that a record may begin with.</summary>
    public const int MostGiven = 32;

    /// <summary>Of its kind.</summary>
    public ActivitySource Source { get; }

    /// <summary>The name it was begun with: the very instance, so that whoever has begun it finds it again.</summary>
    public string OperationName { get; }

    /// <summary>Whether it is a call of somebody else.</summary>
    public ActivityKind Kind { get; }

    /// <summary>What whoever looks for this span among those around finds it by. Not exported.</summary>
    public object? Owner { get; set; }

    /// <summary>What was changed when it began, to be taken back at once when it is left.</summary>
    internal ExecutionContext? FlowBefore { get; set; }

    /// <summary>What the flow of execution was just inside.</summary>
    internal ExecutionContext? FlowInside { get; set; }

    /// <summary>The activity that it is; null as long as it is a record.</summary>
    public Activity? Activity => _activity;

    /// <summary>The nearest activity above that is not a record; null if there is none in this process.</summary>
    public Activity? Above => _activity is { } activity ? activity.Parent : _above;

    /// <summary>Itself if it is an activity, else the nearest above.</summary>
    public Activity Nearest => _activity ?? _above!;

    /// <summary>Whether it is recorded, with its attributes.</summary>
    public bool IsAllDataRequested => _activity?.IsAllDataRequested ?? true;

    /// <summary>Whether it has been handed over.</summary>
    public bool IsStopped => Volatile.Read(ref _isHandedOver) || _activity is { IsStopped: true };

    /// <summary>Whether its time has ended.</summary>
    public bool HasEndTime => _activity is { } activity ? activity.Duration != default : Volatile.Read(ref _endTicks) != 0;

    /// <summary>Of its trace.</summary>
    public ActivityTraceId TraceId => Nearest.TraceId;

    /// <summary>What remote children, and activities of others, know of it.</summary>
    public ActivityContext Context => _activity?.Context ?? new ActivityContext(_above!.TraceId, ActivitySpanId.CreateFromString(HexId), _above.ActivityTraceFlags, _above.TraceStateString);

    /// <summary>Its id, 16 lower-case hexadecimal digits.</summary>
    public string HexId => _activity?.SpanId.ToHexString() ?? Hex(_id);

    /// <summary>What it is called.</summary>
    public string DisplayName
    {
        get => _activity?.DisplayName ?? _name;
        set
        {
            lock (this)
            {
                if (_activity is { } activity)
                    activity.DisplayName = value;
                else
                    _name = value;
            }
        }
    }

    /// <summary>How it has ended.</summary>
    public ActivityStatusCode Status => _activity?.Status ?? _status;

    /// <summary>Sets how it has ended.</summary>
    public void SetStatus(ActivityStatusCode status, string? description = null)
    {
        lock (this)
        {
            if (_activity is { } activity)
                activity.SetStatus(status, description);
            else
                (_status, _statusDescription) = (status, status == ActivityStatusCode.Error ? description : null);
        }
    }

    /// <summary>Sets an attribute, or replaces it; null removes it.</summary>
    public SpanRecord SetTag(string name, object? value)
    {
        lock (this)
        {
            if (_activity is null && !CanKeep(value) && !_isHandedOver)
                Become(); // a record keeps nothing else
            if (_activity is { } activity)
                activity.SetTag(name, value);
            else if (CanKeep(value))
                Set(name, value);
        }
        return this;
    }

    static bool CanKeep(object? value) => value is null or string or bool or int or long or double;

    void Set(string name, object? value)
    {
        for (var i = 0; i < _given.Length; i++)
        {
            if (_given[i].Key == name)
                _replaced |= 1u << i;
        }
        for (var i = 0; i < _ownCount; i++)
        {
            if (_own![i].Key != name)
                continue;
            _own[i] = new(name, value); // the writer leaves out what is null
            return;
        }
        if (value is null)
            return;
        if (_own is null)
            _own = new KeyValuePair<string, object?>[4];
        else if (_ownCount == _own.Length)
            Array.Resize(ref _own, _ownCount * 2);
        _own[_ownCount++] = new(name, value);
    }

    /// <summary>An attribute; null if it has none of that name.</summary>
    public object? GetTagItem(string name)
    {
        lock (this)
        {
            if (_activity is { } activity)
                return activity.GetTagItem(name);
            for (var i = 0; i < _given.Length; i++)
            {
                if (_given[i].Key == name && (_replaced & 1u << i) == 0)
                    return _given[i].Value;
            }
            for (var i = 0; i < _ownCount; i++)
            {
                if (_own![i].Key == name)
                    return _own[i].Value;
            }
            return null;
        }
    }

    /// <summary>The attributes of a record.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Tags
    {
        get
        {
            for (var i = 0; i < _given.Length; i++)
            {
                if ((_replaced & 1u << i) == 0)
                    yield return _given[i];
            }
            for (var i = 0; i < _ownCount; i++)
                yield return _own![i];
        }
    }

    /// <summary>Adds an event that tells of an exception.</summary>
    public void AddException(Exception exception) => ToActivity().AddException(exception);

    /// <summary>Sets when it has ended, which may be before it is handed over.</summary>
    public void SetEndTime(DateTime time)
    {
        lock (this)
            End(time);
    }

    /// <summary>Its time ends now, unless it has ended.</summary>
    /// <returns>Whether it had not.</returns>
    public bool TryEndTime()
    {
        lock (this)
        {
            if (IsStopped || HasEndTime)
                return false;
            End(DateTime.UtcNow);
            return true;
        }
    }

    void End(DateTime time)
    {
        if (_activity is { } activity)
            activity.SetEndTime(time);
        else
            _endTicks = Math.Max(time.Ticks, _startTicks + 1); // Activity's rule: a span has a length
    }

    /// <summary>The same span as an activity; from now on it is one.</summary>
    public Activity ToActivity()
    {
        lock (this)
            return Become();
    }

    Activity Become()
    {
        if (_activity is { } known)
            return known;
        var parent = new ActivityContext(_above!.TraceId, ActivitySpanId.CreateFromString(Hex(_parentId)), _above.ActivityTraceFlags, _above.TraceStateString);
        var activity = CurrentSpan.Create(Source, OperationName, Kind, parent, Tags.Where(static tag => tag.Value is not null), _above, Hex(_id), new DateTime(_startTicks, DateTimeKind.Utc));
        if (_name != OperationName)
            activity.DisplayName = _name;
        if (_status != ActivityStatusCode.Unset)
            activity.SetStatus(_status, _statusDescription);
        if (_endTicks != 0)
            activity.SetEndTime(new DateTime(_endTicks, DateTimeKind.Utc));
        if (_isHandedOver)
            CurrentSpan.SetStopped(activity, true);
        return _activity = activity;
    }

    /// <summary>Its time has ended, if it had not, and it is nobody's any more.</summary>
    /// <returns>Whether it had not been handed over yet.</returns>
    internal bool HandOver()
    {
        lock (this)
        {
            if (_isHandedOver)
                return false;
            if (_activity is null && _endTicks == 0)
                End(DateTime.UtcNow);
            Owner = null; // it is kept until it is sent, and what was called with it may be gone by then
            return _isHandedOver = true;
        }
    }

    /// <summary>Writes a record as a span of OTLP.</summary>
    internal void Write(ref OtlpWriter writer)
    {
        lock (this)
            WriteAll(ref writer);
    }

    void WriteAll(ref OtlpWriter writer)
    {
        var (trace, flags, state) = (_above!.TraceId, _above.ActivityTraceFlags, _above.TraceStateString);
        writer.TraceId(1, trace);
        writer.Id(2, _id);
        if (state is not null)
            writer.String(3, state);
        writer.Id(4, _parentId);
        writer.String(5, _name);
        writer.Number(6, (ulong)Kind + 1);
        writer.Fixed64(7, Nanoseconds(_startTicks));
        writer.Fixed64(8, Nanoseconds(_endTicks));
        for (var i = 0; i < _given.Length; i++)
        {
            if ((_replaced & 1u << i) == 0)
                writer.Attribute(9, _given[i].Key, _given[i].Value);
        }
        for (var i = 0; i < _ownCount; i++)
            writer.Attribute(9, _own![i].Key, _own[i].Value);
        if (_status != ActivityStatusCode.Unset)
            writer.Status(15, _status == ActivityStatusCode.Ok ? 1u : 2u, _statusDescription);
        writer.Fixed32(16, (uint)flags & 0xFF | 0x100); // SPAN_FLAGS_CONTEXT_HAS_IS_REMOTE: its parent is of this process
    }

    static ulong Nanoseconds(long ticks) => (ulong)(ticks - DateTime.UnixEpoch.Ticks) * 100;

    static string Hex(ulong id) => id.ToString("x16", CultureInfo.InvariantCulture);

    static ulong Number(ActivitySpanId id)
    {
        Span<byte> bytes = stackalloc byte[8];
        id.CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
