using System.Diagnostics;

namespace Agent.Propagation;

/// <summary>One way to write a trace context in the headers of a message.</summary>
abstract class ContextFormat
{
    const int TraceIdLength = 32, SpanIdLength = 16;

    /// <summary>The headers' names.</summary>
    public abstract string[] Fields { get; }

    /// <summary>Writes the context of a span.</summary>
    public abstract void Inject(Activity activity, object? carrier, DistributedContextPropagator.PropagatorSetterCallback setter);

    /// <summary>The caller's context in the form of a W3C traceparent, which is what the framework takes; null if there is none, or no valid one.</summary>
    public abstract string? Extract(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter, out string? traceState);

    /// <summary>The value of a header; of several with the same name, the first.</summary>
    protected static string? Get(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter, string field)
    {
        getter(carrier, field, out var value, out var values);
        if (value is null && values is not null)
        {
            foreach (var first in values)
                return first;
        }
        return value;
    }

    /// <summary>Null if an id is not hexadecimal, is too long, or is nothing but zeros. Short ids are those of 64 bits or without leading zeros.</summary>
    protected static string? TraceParent(ReadOnlySpan<char> traceId, ReadOnlySpan<char> spanId, bool isSampled)
    {
        Span<char> text = stackalloc char[3 + TraceIdLength + 1 + SpanIdLength + 3];
        text.Fill('0');
        text[2] = text[3 + TraceIdLength] = text[^3] = '-';
        text[^1] = isSampled ? '1' : '0';
        return Copy(traceId, text[3..(3 + TraceIdLength)]) && Copy(spanId, text[(4 + TraceIdLength)..^3]) ? text.ToString() : null;
    }

    static bool Copy(ReadOnlySpan<char> id, Span<char> to)
    {
        if (id.Length > to.Length || id.TrimStart('0').IsEmpty)
            return false;
        foreach (var digit in id)
        {
            if (!char.IsAsciiHexDigit(digit))
                return false;
        }
        id.ToLowerInvariant(to[^id.Length..]);
        return true;
    }
}
