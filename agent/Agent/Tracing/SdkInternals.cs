using System.Diagnostics;
using System.Runtime.CompilerServices;
using OpenTelemetry;

namespace Agent.Tracing;

/// <summary>What the SDK keeps to itself. A generic class, because the members of generic types are reached only from one with the same parameter.</summary>
static class SdkInternals<T> where T : class
{
    /// <summary>How many items the queue had no room for.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_DroppedCount")]
    public static extern long DroppedCount(BatchExportProcessor<T> processor);

    /// <summary>How many items the queue was to take, including those that it had no room for.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ReceivedCount")]
    public static extern long ReceivedCount(BatchExportProcessor<T> processor);

    /// <summary>How many items have left the queue.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ProcessedCount")]
    public static extern long ProcessedCount(BatchExportProcessor<T> processor);

    /// <summary>Tells an exporter whose it is; it asks there for the resource.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ParentProvider")]
    public static extern void SetParentProvider(BaseExporter<T> exporter, BaseProvider provider);
}

/// <summary>What it keeps to itself in types that have no parameter.</summary>
static class SdkInternals
{
    /// <summary>By what a tracer provider hears spans.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "listener")]
    public static extern ref ActivityListener Listener([UnsafeAccessorType("OpenTelemetry.Trace.TracerProviderSdk, OpenTelemetry")] object provider);
}
