using System.Diagnostics;

namespace Agent.Tracing;

/// <summary>Trace contexts that travel with messages, in the formats that HTTP requests of this process have (DistributedContextPropagator.Current).</summary>
static class MessageContext
{
    /// <summary>Hands the current span's context to <paramref name="add"/>, header by header.</summary>
    public static void Inject<T>(T message, Action<T, string, string> add) => Inject(CurrentSpan.InnermostActivity, message, add);

    /// <summary>The same for another span.</summary>
    public static void Inject<T>(Activity? sender, T message, Action<T, string, string> add) =>
        DistributedContextPropagator.Current.Inject(sender, (message, add), static (carrier, name, value) =>
        {
            var (message, add) = ((T, Action<T, string, string>))carrier!;
            add(message, name, value);
        });

    /// <summary>The context that a message has brought; default if none.</summary>
    /// <param name="message">What <paramref name="read"/> gets.</param>
    /// <param name="read">Reads a header; null if it is not there.</param>
    public static ActivityContext Extract<T>(T message, Func<T, string, string?> read)
    {
        DistributedContextPropagator.Current.ExtractTraceIdAndState((message, read), static (object? carrier, string name, out string? value, out IEnumerable<string>? values) =>
        {
            var (message, read) = ((T, Func<T, string, string?>))carrier!;
            (value, values) = (read(message, name), null);
        }, out var parent, out var state);
        return ActivityContext.TryParse(parent, state, isRemote: true, out var context) ? context : default;
    }
}
