using Microsoft.AspNetCore.Routing;

namespace Agent.Viewer.Programs;

/// <summary>What programs ask: Jaeger's APIs, OTLP out and in, MCP.</summary>
static class ProgramApis
{
    public static void Map(IEndpointRouteBuilder routes)
    {
    }
}
