using System.Diagnostics;

namespace Agent.Tracing;

/// <summary>
/// The spans of Grpc.Net.Client, which are all called «Grpc.Net.Client.GrpcOut», with today's names (semantic conventions for gRPC). A listener
/// beside the provider's, because the provider may be the app's (<see cref="AppSdk"/>).
/// </summary>
static class GrpcClientSpans
{
    /// <summary>The name of the activity source.</summary>
    public const string Source = "Grpc.Net.Client";

    /// <summary>Its attribute with the path of the method, which is there soon after the start.</summary>
    public const string Method = "grpc.method";

    public static void Start() => OwnListeners.Add(new ActivityListener
    {
        ShouldListenTo = static source => source.Name == Source,
        ActivityStopped = static activity => Tidy(activity),
    });

    internal static void Tidy(Activity activity)
    {
        const string status = "grpc.status_code";
        if (!activity.IsAllDataRequested || activity.GetTagItem(Method) is not string path)
            return;
        if (path.StartsWith("/opentelemetry.proto.collector.", StringComparison.Ordinal))
        {
            Unrecorded.Make(activity); // telemetry that the app sends (IgnoredCalls)
            return;
        }
        activity.DisplayName = path.TrimStart('/');
        activity.SetTag(Names.RpcSystem, "grpc").SetTag(Names.RpcMethod, activity.DisplayName).SetTag(Method, null);
        if (activity.GetTagItem(status) is not string number)
            return;
        var name = GrpcStatusName.Of(number);
        activity.SetTag(Names.RpcStatusCode, name).SetTag(status, null);
        if (name != GrpcStatusName.Ok) // the conventions' rule for clients
            activity.SetTag(Names.ErrorType, name).SetStatus(ActivityStatusCode.Error);
    }
}
