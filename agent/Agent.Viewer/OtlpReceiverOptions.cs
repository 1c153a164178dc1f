namespace Agent.Viewer;

/// <summary>Where an <see cref="OtlpReceiver"/> listens and how much it keeps.</summary>
public sealed record OtlpReceiverOptions
{
    /// <summary>TCP port on 127.0.0.1 for OTLP over HTTP/1.1; 0 takes any free one.</summary>
    public int HttpPort { get; init; } = 4318;

    /// <summary>TCP port on 127.0.0.1 for OTLP over gRPC (HTTP/2 without TLS); 0 takes any free one.</summary>
    public int GrpcPort { get; init; } = 4317;

    /// <summary>How many spans <see cref="OtlpReceiver.Spans"/> keeps; the oldest go first.</summary>
    public int SpanCapacity { get; init; } = 100_000;
}
