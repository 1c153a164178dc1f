using System.Globalization;

namespace Agent.Tracing;

/// <summary>The names of gRPC's statuses, as the conventions want them.</summary>
static class GrpcStatusName
{
    public const string Ok = "OK";

    /// <summary>By their numbers.</summary>
    static readonly string[] All =
    [
        Ok, "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    /// <param name="number">As it stands in headers; one that nobody knows stays as it is.</param>
    public static string Of(string number) => uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code < All.Length ? All[code] : number;
}
