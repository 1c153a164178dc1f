using System.Reflection;
using Agent.Viewer.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Agent.Viewer.Programs.Mcp;

/// <summary>
/// A server of the Model Context Protocol at <c>/mcp</c> (streamable HTTP without sessions), for coding agents. Its services are made for
/// the first request, in a container of their own: whoever does not ask pays nothing at the start.
/// </summary>
sealed class McpApi(TraceStore store, IHostApplicationLifetime lifetime)
{
    const string Path = "/mcp";

    const string Instructions = """
        Traces of running applications: what each request did (middlewares, filters, handlers, views, database commands, calls of other services), how long it took, and what failed.
        To find why something is slow: list_routes, then slowest_spans of the route, then get_trace of one of the examples. To find why something fails: find_errors.
        Self time is the time of a span without that of its children: where the time really went.
        """;

    readonly Lazy<(IServiceProvider Services, RequestDelegate Answer)> _server = new(() => Build(store, lifetime));

    public void Map(IEndpointRouteBuilder routes) => routes.Map(Path, AnswerAsync);

    static (IServiceProvider Services, RequestDelegate Answer) Build(TraceStore store, IHostApplicationLifetime lifetime)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(lifetime).AddSingleton(store);
        services.AddMcpServer(options =>
        {
            options.ServerInfo = new() { Name = "agent-viewer", Version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "" };
            options.ServerInstructions = Instructions;
        }).WithHttpTransport(static http => http.Stateless = true).WithTools<TraceTools>();
        var routes = new Routes(services.BuildServiceProvider());
        routes.MapMcp(Path);
        return (routes.ServiceProvider, routes.DataSources.SelectMany(static source => source.Endpoints).Single().RequestDelegate!);
    }

    async Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "This is a server of the Model Context Protocol (streamable HTTP without sessions): it takes POST only.");
            return;
        }

        // A page of the web can send text without asking; JSON it cannot, and nobody here allows it.
        if (!context.Request.HasJsonContentType())
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, "Content-Type must be application/json.");
            return;
        }

        if (context.Request.Headers.Origin is [{ } origin, ..] && (!Uri.TryCreate(origin, UriKind.Absolute, out var page) || page.Authority != context.Request.Host.Value))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "Pages of other servers may not ask here.");
            return;
        }

        var (services, answer) = _server.Value;
        var outer = context.RequestServices;
        await using var scope = services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        try
        {
            await answer(context);
        }
        finally
        {
            context.RequestServices = outer;
        }
    }

    static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence + "\n", context.RequestAborted);
    }

    /// <summary>Where the library maps its one endpoint, which is then called directly.</summary>
    sealed class Routes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
