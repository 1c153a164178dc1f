using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Agent.AspNetCore.Server;

/// <summary>Whoever has sent a request.</summary>
static class Client
{
    const string Protocol = "Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpProtocol";
    /// <summary>Kestrel's class for a request, which is its collection of features, too.</summary>
    public const string ProtocolType = $"{Protocol}, Microsoft.AspNetCore.Server.Kestrel.Core";

    /// <summary>Custom property of the server span: the app has broken off the connection. Not exported.</summary>
    const string AbortedByApp = "Agent.AbortedByApp";

    static readonly object Kestrel = new(), Other = new();
    static readonly ConditionalWeakTable<Type, object> Servers = [];

    /// <summary>
    /// Whether it has left before it had everything. Kestrel itself is asked: the token RequestAborted may be anybody's (the timeouts middleware puts one of
    /// its own in its place), is also cancelled when the app aborts, and when the client closes a connection on which it has got all it was promised.
    /// Other servers have nothing but the token.
    /// </summary>
    public static bool HasLeft(HttpContext context)
    {
        var features = context.Features;
        if (Servers.GetValue(features.GetType(), static type => IsKestrel(type) ? Kestrel : Other) == Other)
            return features.Get<IHttpRequestLifetimeFeature>()?.RequestAborted.IsCancellationRequested == true;
        return ConnectionAborted(features) && !HasEverything(features) && features.Get<IHttpActivityFeature>()?.Activity.GetCustomProperty(AbortedByApp) is null;
    }

    /// <summary>The app is about to break off the connection.</summary>
    /// <param name="features">Of the request, Kestrel's own.</param>
    public static void NoteAbort(IFeatureCollection features)
    {
        if (!ConnectionAborted(features) && features.Get<IHttpActivityFeature>() is { Activity: var activity })
            activity.SetCustomProperty(AbortedByApp, true);
    }

    static bool IsKestrel(Type? type)
    {
        while (type is not null && type.FullName != Protocol)
            type = type.BaseType;
        return type is not null;
    }

    /// <summary>The end of a response with a length, or without a body, needs not be sent.</summary>
    static bool HasEverything(IFeatureCollection features)
    {
        if (HasResponseCompleted(features))
            return true;
        if (!HasResponseStarted(features) || features.Get<IHttpResponseFeature>() is not { } response)
            return false;
        return response.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified
            || features.Get<IHttpRequestFeature>() is { Method: var method } && HttpMethods.IsHead(method)
            || response.Headers.ContentLength is { } length && BytesWritten(features) >= length;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_connectionAborted")]
    static extern ref bool ConnectionAborted([UnsafeAccessorType(ProtocolType)] object protocol);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_responseBytesWritten")]
    static extern ref long BytesWritten([UnsafeAccessorType(ProtocolType)] object protocol);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_HasResponseStarted")]
    static extern bool HasResponseStarted([UnsafeAccessorType(ProtocolType)] object protocol);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_HasResponseCompleted")]
    static extern bool HasResponseCompleted([UnsafeAccessorType(ProtocolType)] object protocol);
}
