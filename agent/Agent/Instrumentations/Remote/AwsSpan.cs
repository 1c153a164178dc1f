using System.Runtime.CompilerServices;
using Agent.Tracing;

namespace Agent.Instrumentations.Remote;

/// <summary>A client span around one call of an AWS service (semantic conventions for AWS SDKs), with nothing of what the request says.</summary>
sealed class AwsSpan : RemoteSpan
{
    const string Runtime = "Amazon.Runtime.", Sdk = ", AWSSDK.Core";

    readonly object _call;

    AwsSpan(SpanRecord record, object call) : base(record) => _call = call;

    /// <summary>Null if it would not be recorded, or if the app has given the SDK a tracer of its own.</summary>
    /// <param name="call">An IExecutionContext.</param>
    public static AwsSpan? Begin(object call)
    {
        if (!MayStart())
            return null;
        var request = Request(call);
        if (Tracer(Telemetry(Config(request))).GetType().Assembly != request.GetType().Assembly) // its own makes no spans
            return null;
        var (service, operation) = (ServiceId(Service(request)), Operation(RequestName(request)));
        return Start($"{service}.{operation}", "aws-api", $"{service}/{operation}") is { } record ? new AwsSpan(record, call) : null;
    }

    protected override void Complete(Exception? exception)
    {
        var id = exception is null ? Answer(Response(_call)) is { } answer && Metadata(answer) is { } metadata ? RequestId(metadata) : null
            : exception.GetType() is var type && IsOfService(type) ? FailedRequestId(exception) : null;
        Record.SetTag(Names.AwsRequestId, id);
    }

    /// <summary>«GetObject» of «GetObjectRequest».</summary>
    static string Operation(string request) => request.EndsWith("Request", StringComparison.Ordinal) ? request[..^"Request".Length] : request;

    /// <summary>The service has answered; other exceptions are those of the way to it.</summary>
    static bool IsOfService(Type? exception)
    {
        while (exception is not null && exception.FullName != "Amazon.Runtime.AmazonServiceException")
            exception = exception.BaseType;
        return exception is not null;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_RequestContext")]
    [return: UnsafeAccessorType(Runtime + "IRequestContext" + Sdk)]
    static extern object Request([UnsafeAccessorType(Runtime + "IExecutionContext" + Sdk)] object call);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ResponseContext")]
    [return: UnsafeAccessorType(Runtime + "IResponseContext" + Sdk)]
    static extern object Response([UnsafeAccessorType(Runtime + "IExecutionContext" + Sdk)] object call);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_RequestName")]
    static extern string RequestName([UnsafeAccessorType(Runtime + "IRequestContext" + Sdk)] object request);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ServiceMetaData")]
    [return: UnsafeAccessorType(Runtime + "Internal.IServiceMetadata" + Sdk)]
    static extern object Service([UnsafeAccessorType(Runtime + "IRequestContext" + Sdk)] object request);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ServiceId")]
    static extern string ServiceId([UnsafeAccessorType(Runtime + "Internal.IServiceMetadata" + Sdk)] object service);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ClientConfig")]
    [return: UnsafeAccessorType(Runtime + "IClientConfig" + Sdk)]
    static extern object Config([UnsafeAccessorType(Runtime + "IRequestContext" + Sdk)] object request);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_TelemetryProvider")]
    [return: UnsafeAccessorType(Runtime + "Telemetry.TelemetryProvider" + Sdk)]
    static extern object Telemetry([UnsafeAccessorType(Runtime + "IClientConfig" + Sdk)] object config);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_TracerProvider")]
    [return: UnsafeAccessorType(Runtime + "Telemetry.Tracing.TracerProvider" + Sdk)]
    static extern object Tracer([UnsafeAccessorType(Runtime + "Telemetry.TelemetryProvider" + Sdk)] object telemetry);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Response")]
    [return: UnsafeAccessorType(Runtime + "AmazonWebServiceResponse" + Sdk)]
    static extern object? Answer([UnsafeAccessorType(Runtime + "IResponseContext" + Sdk)] object response);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ResponseMetadata")]
    [return: UnsafeAccessorType(Runtime + "ResponseMetadata" + Sdk)]
    static extern object? Metadata([UnsafeAccessorType(Runtime + "AmazonWebServiceResponse" + Sdk)] object answer);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_RequestId")]
    static extern string? RequestId([UnsafeAccessorType(Runtime + "ResponseMetadata" + Sdk)] object metadata);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_RequestId")]
    static extern string? FailedRequestId([UnsafeAccessorType(Runtime + "AmazonServiceException" + Sdk)] object exception);
}
