using Agent.Viewer.Programs.Jaeger;
using Agent.Viewer.Programs.Mcp;
using Agent.Viewer.Programs.Otlp;
using Agent.Viewer.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Agent.Viewer.Programs;

/// <summary>What programs ask: Jaeger's APIs, OTLP out and in, MCP.</summary>
static class ProgramApis
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var store = routes.ServiceProvider.GetRequiredService<TraceStore>();
        var lifetime = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>();
        new OtlpApi(store, lifetime).Map(routes);
        new McpApi(store, lifetime).Map(routes);
        new JaegerV3Api(store).Map(routes);
        new JaegerClassicApi(store).Map(routes);
    }

    /// <summary>The trace that the path names by <c>{id}</c>.</summary>
    /// <exception cref="Refusal">It is none, or not here.</exception>
    public static Trace FindTrace(TraceStore store, HttpContext context)
    {
        var id = Parameters.TraceId((string)context.Request.RouteValues["id"]!);
        return store.Find(id) ?? throw new Refusal(StatusCodes.Status404NotFound, $"Trace {id} is not here: it did not come, or it went because the memory was full.");
    }

    public static Refusal NotFound(HttpContext context) => new(
        StatusCodes.Status404NotFound,
        $"There is no {context.Request.Method} {Parameters.Shorten(context.Request.Path.Value ?? "")} here; agent/docs/viewer-api.md has what there is.");

    /// <exception cref="Refusal">It is too large, or packed.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpContext context)
    {
        if (context.Request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding and not "identity")
            throw new Refusal(StatusCodes.Status415UnsupportedMediaType, $"Content-Encoding '{Parameters.Shorten(encoding)}' is not accepted here; send the text as it is.");
        var content = new MemoryStream();
        var buffer = new byte[81920];
        for (int count; (count = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            if (content.Length + count > OtlpReceiver.MaxRequestBytes)
                throw new Refusal(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {OtlpReceiver.MaxRequestBytes >> 20} MiB.");
            content.Write(buffer, 0, count);
        }

        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }
}
