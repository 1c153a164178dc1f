using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.AspNetCore.Remote;
using Agent.AspNetCore.Server;
using Agent.Tracing;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Agent.AspNetCore.Endpoints;

/// <summary>
/// A span around one call of an endpoint: everything between the middlewares and the response. For a minimal API without filters it is
/// the handler's own span; MVC, Razor Pages and the others have spans of their own below it.
/// </summary>
sealed class EndpointSpan : RequestSpan
{
    static readonly ConditionalWeakTable<Endpoint, Description> Descriptions = [];

    readonly bool _isHandler;

    EndpointSpan(SpanRecord record, HttpContext context, bool isHandler) : base(record, context) => _isHandler = isHandler;

    public static EndpointSpan? Begin(Endpoint endpoint, HttpContext context)
    {
        if (context.Features.Get<IStatusCodeReExecuteFeature>() is { Endpoint: null })
            context.Features.Get<IHttpActivityFeature>()?.Activity.SetCustomProperty(ServerSpan.WithoutEndpoint, true); // gone when the request ends
        if (!Descriptions.TryGetValue(endpoint, out var description))
            Descriptions.AddOrUpdate(endpoint, description = new Description(endpoint));
        var tags = description.IsHandler && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) ? description.LoadTags : description.Tags;
        return CurrentSpan.Begin(Source, description.Name, ActivityKind.Internal, tags) is { } record
            ? new EndpointSpan(record, context, description.IsHandler)
            : null;
    }

    protected override void Complete(Exception? exception)
    {
        base.Complete(exception);
        if (_isHandler)
            ResponseResult.Describe(Record, exception, Answer, ExpectedResult);
        else if (exception is null && Answer is { Status: var status })
            ResponseResult.SetStatus(Record, status);
    }

    /// <summary>What is the same for every call of an endpoint.</summary>
    sealed class Description
    {
        public string Name { get; }

        /// <summary>The endpoint is a method of the app's own, called with what was bound from the request.</summary>
        public bool IsHandler { get; }

        public KeyValuePair<string, object?>[] Tags { get; }

        public KeyValuePair<string, object?>[] LoadTags { get; }

        public Description(Endpoint endpoint)
        {
            var route = Route.Template(endpoint);
            var kind = EndpointKind.Of(endpoint);
            var method = EndpointKind.Method(endpoint);
            IsHandler = kind == EndpointKind.Minimal && method is not null && !FilteredHandler.Is(endpoint);
            // Without a route, the display name is the developer's; it never comes from the request.
            Name = $"endpoint {Route.Name(endpoint) ?? endpoint.DisplayName ?? kind}";
            List<KeyValuePair<string, object?>> tags = [new(Names.EndpointKind, kind)];
            if (route is not null)
                tags.Add(new(Names.HttpRoute, route));
            if (endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName is { } name && !Guid.TryParse(name, out _)) // as OData makes them, anew in each process
                tags.Add(new(Names.EndpointName, name));
            if (IsHandler)
                tags.Add(new(Names.CodeFunction, DispatchedHandler.NameOf(endpoint.Metadata) ?? CodeName.Of(method!)));
            LoadTags = [new(Names.Kind, DispatchKind.Load), .. tags];
            Tags = IsHandler ? [new(Names.Kind, DispatchKind.Remote), .. tags] : [.. tags];
        }
    }
}
