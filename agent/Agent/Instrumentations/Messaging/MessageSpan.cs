using System.Diagnostics;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Messaging;

/// <summary>A span around sending a message (semantic conventions for messaging). What the message says is never recorded.</summary>
sealed class MessageSpan : DispatchSpan
{
    static readonly ActivitySource Source = new(Names.MessagingSource, AgentProcess.Version);

    MessageSpan(SpanRecord record) : base(record) { }

    /// <summary>The one that the running code is directly inside of; null if there is none.</summary>
    public static SpanRecord? Around => CurrentSpan.Innermost is { IsStopped: false } span && span.Source == Source ? span : null;

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

    /// <summary>
    /// What the app does with a message, in the trace of the one who has sent it. Null if it would not be recorded. Called inside of the app's code, so never throws.
    /// </summary>
    public static MessageSpan? Process(string system, Func<string> destination, Func<ActivityContext> sender)
    {
        try
        {
            if (!MayStart(Source))
                return null;
            var (name, context) = (destination(), sender());
            var record = context == default ? CurrentSpan.Begin(Source, $"process {name}", ActivityKind.Consumer) : CurrentSpan.BeginElsewhere(Source, $"process {name}", ActivityKind.Consumer, context);
            return record is null ? null : new MessageSpan(Describe(record, system, name, "process"));
        }
        catch (Exception e)
        {
            Failed.Say(Log.Error, () => $"what is done with a message of {system} has no span: {e}");
            return null;
        }
    }

    static readonly Complaint Failed = new();

    static SpanRecord Describe(SpanRecord record, string system, string destination, string operation) => record
        .SetTag(Names.MessagingSystem, system)
        .SetTag(Names.MessagingDestination, destination)
        .SetTag(Names.MessagingOperation, operation)
        .SetTag(Names.MessagingOperationType, operation);
}
