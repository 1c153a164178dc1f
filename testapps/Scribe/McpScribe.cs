using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Scribe;

/// <summary>An MCP server, and a client of it.</summary>
static class McpScribe
{
    public static void Add(WebApplicationBuilder builder) => builder.Services.AddMcpServer().WithHttpTransport(options => options.Stateless = true).WithTools<Tools>();

    public static void Map(WebApplication app)
    {
        app.MapMcp("/mcp");
        app.MapGet("/tool", async (string name, HttpRequest request) =>
        {
            await using var client = await McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri($"http://{request.Host}/mcp") }));
            try
            {
                var result = await client.CallToolAsync(name, new Dictionary<string, object?> { ["text"] = "s3cret-question" });
                return result.IsError == true ? "failed" : ((TextContentBlock)result.Content[0]).Text;
            }
            catch (McpProtocolException e)
            {
                return $"{e.ErrorCode}";
            }
        });
    }

    sealed class Tools
    {
        [McpServerTool(Name = "count"), Description("Counts letters.")]
        public static string Count(string text) => $"{text.Length} s3cret-answer";

        [McpServerTool(Name = "fail"), Description("Fails.")]
        public static string Fail(string text) => throw new McpException($"s3cret-answer: {text}");
    }
}
