using System.Diagnostics;
using Agent.Tracing;

namespace Agent.Instrumentations.Messaging;

/// <summary>An internal span around what handlers of this process do with a request or notification: nothing leaves the process.</summary>
sealed class MediatorSpan : DispatchSpan
{
    static readonly ActivitySource Source = new(Names.MessagingSource, AgentProcess.Version);
    static readonly TypePairMap<string, Description> Descriptions = new(static (message, operation) => new($"{operation} {CodeName.Simple(message)}", CodeName.Full(message)));

    MediatorSpan(SpanRecord record) : base(record) { }

    /// <summary>Null if it would not be recorded. Outside of a request it is a trace of its own.</summary>
    /// <param name="operation">What is done with it.</param>
    /// <param name="message">Null is the library's to refuse.</param>
    public static MediatorSpan? Begin(string operation, object? message)
    {
        if (message is null || !MayStart(Source))
            return null;
        var description = Descriptions[message.GetType(), operation];
        return CurrentSpan.Begin(Source, description.Name)?.SetTag(Names.MessageType, description.Type) is { } record ? new MediatorSpan(record) : null;
    }

    sealed record Description(string Name, string? Type);
}
