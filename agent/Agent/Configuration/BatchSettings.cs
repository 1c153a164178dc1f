namespace Agent.Configuration;

/// <summary>OTEL_BSP_…: how spans are gathered before they are sent.</summary>
sealed class BatchSettings
{
    public BatchSettings(SettingReader reader)
    {
        const int usualBatch = 512;
        Delay = reader.Number("OTEL_BSP_SCHEDULE_DELAY", 5000, 1, int.MaxValue, "milliseconds")!.Value;
        Timeout = reader.Timeout("OTEL_BSP_EXPORT_TIMEOUT", 30000);
        QueueSize = reader.Number("OTEL_BSP_MAX_QUEUE_SIZE", 2048, 1, int.MaxValue, "spans")!.Value;
        BatchSize = reader.Number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", Math.Min(usualBatch, QueueSize), 1, QueueSize, "spans")!.Value;
    }

    /// <summary>Milliseconds between two exports.</summary>
    public int Delay { get; }

    /// <summary>Milliseconds that one may take.</summary>
    public int Timeout { get; }

    /// <summary>Spans that may wait; more are dropped.</summary>
    public int QueueSize { get; }

    /// <summary>Spans in one request.</summary>
    public int BatchSize { get; }
}
