using System.Diagnostics;
using System.Runtime.CompilerServices;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;

namespace Agent.Tracing;

/// <summary>OTLP as the SDK's exporter writes it, one piece at a time; it offers only whole batches of activities.</summary>
/// <param name="limits">The exporter's SdkLimitOptions.</param>
sealed class OtlpEncoding(object limits)
{
    const string Internals = "OpenTelemetry.Exporter.OpenTelemetryProtocol.Implementation.";
    const string Assembly = ", OpenTelemetry.Exporter.OpenTelemetryProtocol";
    const string Traces = Internals + "Serializer.ProtobufOtlpTraceSerializer" + Assembly;
    const string Resources = Internals + "Serializer.ProtobufOtlpResourceSerializer" + Assembly;
    const string Limits = Internals + "SdkLimitOptions" + Assembly;

    // Enough for nearly all spans, exceptions included: what the SDK does about a buffer that is too small is to throw, on a thread of the app's.
    const int UsualSize = 16 * 1024, LargestKept = 64 * 1024;

    // No collector takes a request that is larger, without being told to.
    const int Largest = 4 * 1024 * 1024;

    static readonly List<Activity> NoSpans = [];

    [ThreadStatic]
    static byte[]? t_buffer;

    /// <summary>A span, with its field number in ScopeSpans.</summary>
    /// <param name="span">What has ended.</param>
    /// <param name="length">How much of the buffer it is.</param>
    /// <returns>A buffer, for <see cref="Return"/>.</returns>
    /// <exception cref="IndexOutOfRangeException">It has more than 4 MiB.</exception>
    /// <exception cref="ArgumentException">It has more than 4 MiB.</exception>
    public byte[] Span(Activity span, out int length)
    {
        var buffer = t_buffer ?? new byte[UsualSize];
        t_buffer = null; // the text of an attribute may be made by the app, which may end a span there
        try
        {
            length = WriteSpan(null, buffer, 0, limits, span);
        }
        catch (Exception e) when (IsTooSmall(e, buffer))
        {
            buffer = new byte[buffer.Length * 2];
            length = WithRoom(ref buffer, (room, span) => WriteSpan(null, room, 0, limits, span), span);
        }
        return buffer;
    }

    /// <summary>Gives back what <see cref="Span"/> has given.</summary>
    public static void Return(byte[] buffer)
    {
        if (buffer.Length <= LargestKept)
            t_buffer = buffer;
    }

    /// <summary>What stands before the spans of a source in ScopeSpans.</summary>
    public byte[] Scope(ActivitySource source)
    {
        var buffer = new byte[UsualSize];
        var length = WithRoom(ref buffer, (room, source) => WriteScopeSpan(null, room, 0, limits, source, NoSpans), source);
        return buffer[..length];
    }

    /// <summary>The resource, with its field number in ResourceSpans.</summary>
    public static byte[] Resource(Resource resource)
    {
        var buffer = new byte[UsualSize];
        var length = WithRoom(ref buffer, static (room, resource) => WriteResource(null, room, 0, resource), resource);
        return buffer[..length];
    }

    static int WithRoom<T>(ref byte[] buffer, Func<byte[], T, int> write, T of)
    {
        while (true)
        {
            try
            {
                return write(buffer, of);
            }
            catch (Exception e) when (IsTooSmall(e, buffer))
            {
                buffer = new byte[buffer.Length * 2];
            }
        }
    }

    static bool IsTooSmall(Exception e, byte[] buffer) => e is IndexOutOfRangeException or ArgumentException && buffer.Length < Largest;

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod)]
    static extern int WriteSpan([UnsafeAccessorType(Traces)] object? type, byte[] buffer, int position, [UnsafeAccessorType(Limits)] object limits, Activity span);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod)]
    static extern int WriteScopeSpan([UnsafeAccessorType(Traces)] object? type, byte[] buffer, int position, [UnsafeAccessorType(Limits)] object limits, ActivitySource source, List<Activity> spans);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod)]
    static extern int WriteResource([UnsafeAccessorType(Resources)] object? type, byte[] buffer, int position, Resource? resource);
}
