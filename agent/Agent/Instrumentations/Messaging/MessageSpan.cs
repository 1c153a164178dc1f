using System.Diagnostics;
using Agent.Tracing;

namespace Agent.Instrumentations.Messaging;

/// <summary>A span around sending a message (semantic conventions for messaging). What the message says is never recorded.</summary>
sealed class MessageSpan : DispatchSpan
{
    static readonly ActivitySource Source = new(Names.MessagingSource, AgentProcess.Version);

    MessageSpan(SpanRecord record) : base(record) { }

    /// <summary>Null if it would not be recorded. Outside of a request it is a trace of its own.</summary>
    public static MessageSpan? Send(string system, string destination)
    {
        var record = !MayStart(Source) ? null : CurrentSpan.Begin(Source, $"send {destination}", ActivityKind.Producer);
        return record is null ? null : new MessageSpan(Describe(record, system, destination, "send"));
    }

    /// <summary>
    /// A message has been received: a span of its own, without length, that belongs to the trace of the one who sent it. What the app does with
    /// the message comes later, when nobody can tell any more which message it is about.
    /// </summary>
    public static void Received(string system, string destination, ActivityContext sender)
    {
        if (!MayStart(Source))
            return;
        var name = $"receive {destination}";
        var record = sender == default ? CurrentSpan.Begin(Source, name, ActivityKind.Consumer) : CurrentSpan.BeginElsewhere(Source, name, ActivityKind.Consumer, sender);
        if (record is not null)
            new MessageSpan(Describe(record, system, destination, "receive")).End(null);
    }

    static SpanRecord Describe(SpanRecord record, string system, string destination, string operation) => record
        .SetTag(Names.MessagingSystem, system)
        .SetTag(Names.MessagingDestination, destination)
        .SetTag(Names.MessagingOperation, operation)
        .SetTag(Names.MessagingOperationType, operation);
}
