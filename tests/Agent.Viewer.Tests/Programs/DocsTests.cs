using System.Reflection;
using System.Text.RegularExpressions;
using Agent.Viewer.Programs;
using Agent.Viewer.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;

namespace Agent.Viewer.Tests.Programs;

/// <summary>agent/docs/viewer-api.md has what the code has.</summary>
[TestClass]
public sealed partial class DocsTests
{
    static readonly string Page = File.ReadAllText(Path.Combine(
        typeof(DocsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!, "agent", "docs", "viewer-api.md"));

    [TestMethod]
    public async Task Table_of_paths_has_every_path_and_no_other()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore().AddSingleton(new TraceStore()).AddSingleton(new Agent.Viewer.Otlp.BytesInWork());
        await using var routes = builder.Build();
        ProgramApis.Map(routes);
        var mapped = ((IEndpointRouteBuilder)routes).DataSources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>()
            .Select(endpoint => $"{endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Single() ?? "any"} {endpoint.RoutePattern.RawText}").Order(StringComparer.Ordinal).ToList();
        var documented = PathRow().Matches(Page).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}").Order(StringComparer.Ordinal).ToList();
        CollectionAssert.AreEqual(mapped, documented, $"The code has\n{string.Join('\n', mapped)}");
    }

    [TestMethod]
    public void Table_of_tools_has_every_tool_and_no_other()
    {
        var there = typeof(Agent.Viewer.Programs.Mcp.TraceTools).GetMethods().Select(method => method.GetCustomAttribute<McpServerToolAttribute>()?.Name).OfType<string>().Order(StringComparer.Ordinal).ToList();
        CollectionAssert.AreEqual(there, ToolRow().Matches(Page).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal).ToList(), $"The code has\n{string.Join('\n', there)}");
    }

    [GeneratedRegex(@"^\| (GET|POST|any) \| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex PathRow();

    [GeneratedRegex(@"^\| `([a-z]+_[a-z]+)` \|", RegexOptions.Multiline)]
    private static partial Regex ToolRow();
}
