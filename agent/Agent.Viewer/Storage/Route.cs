namespace Agent.Viewer.Storage;

/// <summary>All requests (or jobs, messages) of one name at one service: traces whose root has that name and service.</summary>
/// <param name="Service">The service.</param>
/// <param name="Name">The root's name, <c>GET Orders/{id}</c>.</param>
/// <param name="Kind">The root's role in a call.</param>
/// <param name="Count">How many traces.</param>
/// <param name="Errors">How many of their roots have the status Error.</param>
/// <param name="P50Nano">The duration of the root that half of them do not exceed, in nanoseconds.</param>
/// <param name="P90Nano">Likewise 90 of 100.</param>
/// <param name="P99Nano">Likewise 99 of 100.</param>
/// <param name="LastStartUnixNano">When the latest of them started, in nanoseconds since 1970-01-01 UTC.</param>
public sealed record Route(string Service, string Name, SpanKind Kind, int Count, int Errors, ulong P50Nano, ulong P90Nano, ulong P99Nano, ulong LastStartUnixNano);
