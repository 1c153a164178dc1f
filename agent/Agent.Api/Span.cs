using System.Diagnostics;

namespace Agent.Api;

/// <summary>
/// A span to write to. The default value, and a span that is not recorded, accepts everything and does nothing. Never throws on account
/// of a span that has ended.
/// </summary>
public readonly struct Span : IEquatable<Span>
{
    readonly Activity? _activity;

    internal Span(Activity? activity) => _activity = activity is { IsAllDataRequested: true } ? activity : null;

    /// <summary>Whether what is written here is recorded.</summary>
    public bool IsRecording => _activity is not null;

    /// <summary>The trace's id, 32 lower-case hexadecimal digits; empty for an inert span.</summary>
    public string TraceId => _activity?.TraceId.ToHexString() ?? "";

    /// <summary>The span's id, 16 lower-case hexadecimal digits; empty for an inert span.</summary>
    public string SpanId => _activity?.SpanId.ToHexString() ?? "";

    /// <summary>Sets an attribute, or replaces it; null removes it.</summary>
    /// <param name="name">A name in OpenTelemetry's style: lower case, with dots, without personal data.</param>
    /// <param name="value">A string, boolean, number, or an array of one of these.</param>
    public Span SetAttribute(string name, object? value)
    {
        ArgumentNullException.ThrowIfNull(name);
        _activity?.SetTag(name, value);
        return this;
    }

    /// <summary>Adds an event that happens now.</summary>
    /// <param name="name">What happened, without variable parts.</param>
    /// <param name="attributes">The variable parts.</param>
    public Span AddEvent(string name, params ReadOnlySpan<KeyValuePair<string, object?>> attributes)
    {
        ArgumentNullException.ThrowIfNull(name);
        _activity?.AddEvent(new ActivityEvent(name, tags: new ActivityTagsCollection(attributes.ToArray())));
        return this;
    }

    /// <summary>
    /// Adds an `exception` event with type, message and stack trace (OpenTelemetry semantic conventions) and marks the span as failed.
    /// </summary>
    public Span RecordException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        _activity?.AddException(exception);
        _activity?.SetTag("error.type", exception.GetType().FullName);
        _activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
        return this;
    }

    /// <inheritdoc/>
    public bool Equals(Span other) => ReferenceEquals(_activity, other._activity);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Span other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _activity?.GetHashCode() ?? 0;

    /// <summary>Whether both are the same span.</summary>
    public static bool operator ==(Span left, Span right) => left.Equals(right);

    /// <summary>Whether they are different spans.</summary>
    public static bool operator !=(Span left, Span right) => !left.Equals(right);
}
