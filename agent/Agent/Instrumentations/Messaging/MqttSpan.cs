using System.Diagnostics;
using System.Runtime.CompilerServices;
using Agent.Tracing;

namespace Agent.Instrumentations.Messaging;

/// <summary>
/// A span around publishing or handling an MQTT message (semantic conventions for messaging), with nothing of what the message says. Topics are
/// often one per device, so the span's name does without.
/// </summary>
sealed class MqttSpan : DispatchSpan
{
    const string ResultType = "MQTTnet.MqttClientPublishResult, MQTTnet";

    static readonly ActivitySource Source = new(Names.MessagingSource, AgentProcess.Version);

    /// <summary>Reads the result of a task of this type.</summary>
    static readonly ConditionalWeakTable<Type, Func<object, object?>?> Results = [];

    Task? _publishing;

    MqttSpan(SpanRecord record) : base(record) { }

    /// <summary>Null if it would not be recorded. Outside of a request it is a trace of its own.</summary>
    /// <param name="topic">Where to; null if only an alias says it.</param>
    /// <param name="options">The MqttClientOptions of the connection; null if there has been none.</param>
    public static MqttSpan? Publish(string? topic, object? options) =>
        MayStart(Source) && CurrentSpan.Begin(Source, "publish", ActivityKind.Producer) is { } record ? new MqttSpan(Describe(record, topic, options, "publish", "send")) : null;

    /// <summary>
    /// Null if it would not be recorded. It belongs to the trace of the one who has sent the message, if the message says so: not to what is
    /// current, which is what the client was connected in.
    /// </summary>
    /// <param name="packet">The MqttPublishPacket.</param>
    /// <param name="options">The MqttClientOptions of the connection.</param>
    public static MqttSpan? Process(object packet, object? options)
    {
        if (!AgentProcess.WaitUntilTracing() || !Source.HasListeners())
            return null;
        var sender = MqttMessage.Sender(packet);
        return CurrentSpan.BeginElsewhere(Source, "process", ActivityKind.Consumer, sender) is { } record
            ? new MqttSpan(Describe(record, MqttMessage.PacketTopic(packet), options, "process", "process")) : null;
    }

    /// <summary>To be called instead of End when publishing has returned or thrown.</summary>
    public void EndPublish(Exception? exception, Task? task)
    {
        _publishing = task;
        End(exception, task);
    }

    /// <summary>What the broker has refused is no exception.</summary>
    protected override void Complete(Exception? exception)
    {
        if (exception is not null || _publishing is null || Results.GetOrAdd(_publishing.GetType(), static type => Reader<object?>.Of(type, nameof(Task<>.Result)))?.Invoke(_publishing) is not { } result || IsSuccess(result))
            return;
        Record.SetTag(Names.ErrorType, result.GetType().GetProperty("ReasonCode")?.GetValue(result)?.ToString());
        Record.SetStatus(ActivityStatusCode.Error);
    }

    static SpanRecord Describe(SpanRecord record, string? topic, object? options, string operation, string type)
    {
        if (!record.IsAllDataRequested)
            return record;
        record.SetTag(Names.MessagingSystem, "mqtt").SetTag(Names.MessagingDestination, topic).SetTag(Names.MessagingOperation, operation).SetTag(Names.MessagingOperationType, type);
        if (options is not null && MqttConnection.Broker(options) is var (host, port))
            record.SetTag(Names.ServerAddress, host).SetTag(Names.ServerPort, port);
        return record;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_IsSuccess")]
    static extern bool IsSuccess([UnsafeAccessorType(ResultType)] object result);
}
