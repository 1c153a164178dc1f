using System.Net;

namespace Agent.Viewer;

/// <summary>Where a <see cref="ViewerServer"/> listens and what it keeps.</summary>
public sealed record ViewerOptions
{
    /// <summary>TCP port of the pages and APIs; 0 takes any free one.</summary>
    public int Port { get; init; } = 16686;

    /// <summary>TCP port for OTLP over HTTP/1.1; 0 takes any free one.</summary>
    public int HttpPort { get; init; } = 4318;

    /// <summary>TCP port for OTLP over gRPC (HTTP/2 without TLS); 0 takes any free one.</summary>
    public int GrpcPort { get; init; } = 4317;

    /// <summary>The address to listen at. Everything but a loopback address needs a <see cref="Token"/>.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>What whoever asks or sends has to show; null for nothing.</summary>
    public string? Token { get; init; }

    /// <summary>Names besides localhost by which the viewer may be asked for without a token.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>The memory that traces may take, in bytes.</summary>
    public long MemoryBytes { get; init; } = 256L << 20;

    /// <summary>The folder that keeps traces across restarts; null for memory only.</summary>
    public string? DataFolder { get; init; }

    /// <summary>The disk space that traces may take in <see cref="DataFolder"/>, in bytes.</summary>
    public long DataBytes { get; init; } = 1L << 30;

    /// <summary>Gets a sentence when something goes wrong that no answer can tell: a damaged file, a full disk.</summary>
    public Action<string> Complain { get; init; } = static _ => { };

    /// <summary>The address that opens a source line in an editor, with <c>{path}</c> and <c>{line}</c>.</summary>
    public string EditorLink { get; init; } = "vscode://file/{path}:{line}";
}
