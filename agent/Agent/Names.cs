namespace Agent;

/// <summary>Every name that leaves the process: sources and attributes of the agent's own, and those of the conventions it sets.</summary>
static class Names
{
    /// <summary>Spans of dispatch inside ASP.NET Core.</summary>
    public const string DispatchSource = "Agent.AspNetCore";

    /// <summary>Spans of database commands, whose libraries make none themselves.</summary>
    public const string DataSource = "Agent.Data";

    /// <summary>Spans of the app's own methods that AGENT_TRACE_METHODS names.</summary>
    public const string MethodSource = "Agent.Methods";

    /// <summary>Spans of messages, where the library has no source of its own.</summary>
    public const string MessagingSource = "Agent.Messaging";

    /// <summary>Spans of background jobs, where the library has no source of its own.</summary>
    public const string JobSource = "Agent.Jobs";

    /// <summary>Spans of calls of other services, where the library has no source of its own.</summary>
    public const string RemoteSource = "Agent.Remote";

    /// <summary>The root of what happens before the app has started. Also the span that prepares the code of all others, which is never sent.</summary>
    public const string StartSource = "Agent.Start";

    /// <summary>The server span of each request.</summary>
    public const string ServerSource = "Microsoft.AspNetCore";

    /// <summary>Whether a source is the agent's.</summary>
    public static bool IsOwnSource(string name) => name is DispatchSource or DataSource or MethodSource or MessagingSource or JobSource or RemoteSource or StartSource;

    // The agent's own attributes.
    public const string Kind = "dispatch.kind";
    public const string ResultType = "dispatch.result.type";
    public const string ResultStatus = "dispatch.result.status";
    public const string ResultLocation = "dispatch.result.location";
    public const string MiddlewareImplicit = "dispatch.middleware.implicit";
    public const string ShortCircuited = "dispatch.middleware.short_circuited";
    public const string LongConnection = "dispatch.connection.long";
    public const string EndpointKind = "dispatch.endpoint.kind";
    public const string EndpointName = "dispatch.endpoint.name";
    public const string Area = "dispatch.mvc.area";
    public const string ViewPath = "dispatch.view.path";
    public const string FilterStage = "dispatch.filter.stage";
    public const string FilterShortCircuited = "dispatch.filter.short_circuited";
    public const string AuthorizationPolicy = "dispatch.authorization.policy";
    public const string AuthorizationRequirements = "dispatch.authorization.requirements";
    public const string AuthorizationResult = "dispatch.authorization.result";
    public const string ExceptionHandled = "dispatch.exception.handled";
    public const string PageHandler = "dispatch.page.handler";
    public const string FormName = "dispatch.form.name";
    public const string ComponentInteractive = "dispatch.component.interactive";
    public const string MessageType = "dispatch.message.type";
    public const string ModelErrors = "dispatch.modelstate.error_count";

    // ASP.NET Core's own, of the spans and metrics it makes for components.
    public const string ComponentType = "aspnetcore.components.type";
    public const string ComponentAttribute = "aspnetcore.components.attribute.name";

    // OpenTelemetry semantic conventions 1.38, those of RPC as in 1.45 (opentelemetry.io/docs/specs/semconv).
    public const string ErrorType = "error.type";
    public const string ExceptionType = "exception.type";
    public const string CodeFunction = "code.function.name";
    public const string CodeFile = "code.file.path";
    public const string CodeLine = "code.line.number";
    public const string HttpRoute = "http.route";
    public const string HttpStatusCode = "http.response.status_code";
    public const string NetworkProtocolVersion = "network.protocol.version";
    public const string RpcSystem = "rpc.system.name";
    public const string RpcService = "rpc.service";
    public const string RpcMethod = "rpc.method";
    public const string RpcMethodOriginal = "rpc.method_original";
    public const string RpcStatusCode = "rpc.response.status_code";
    public const string AwsRequestId = "aws.request_id";
    public const string MessagingSystem = "messaging.system";
    public const string MessagingDestination = "messaging.destination.name";
    public const string MessagingOperation = "messaging.operation.name";
    public const string MessagingOperationType = "messaging.operation.type";
    public const string DbSystem = "db.system.name";
    public const string DbNamespace = "db.namespace";
    public const string DbQueryText = "db.query.text";
    public const string DbQuerySummary = "db.query.summary";
    public const string DbStoredProcedure = "db.stored_procedure.name";
    public const string DbOperation = "db.operation.name";
    public const string DbBatchSize = "db.operation.batch.size";
    public const string DbCollection = "db.collection.name";
    public const string DbStatusCode = "db.response.status_code";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string PeerAddress = "network.peer.address";
    public const string UrlFull = "url.full";
    public const string ExitCode = "process.exit.code";
}

/// <summary>The values of <see cref="Names.Kind"/>: which kind of dispatch a span stands for.</summary>
static class DispatchKind
{
    public const string Hook = "hook", Load = "load", Action = "action", Remote = "remote", Startup = "startup";
}

/// <summary>The values of <see cref="Names.ResultType"/>. Only an unknown error, or a known one of 500 and above, is an error of the span.</summary>
static class ResultType
{
    public const string Success = "success", Failure = "failure", Redirect = "redirect", KnownError = "known_error", UnknownError = "unknown_error", Aborted = "aborted";
}
