#!/usr/bin/env bash
# ModelContextProtocol 2.4.0: of a tool that throws, of a call without a required argument and of one with an argument of the wrong type, answer and spans are
# the same, on both sides: error.type is tool_error, there is no exception event, and the status description is the answer's content as JSON, which names
# the tool and nothing else. One expects the exception's type, and the argument's name: the caller sees «An error occurred invoking 'greet'.» for either.
# Only McpProtocolException leaves its own message and a code as error.type; McpException leaves its message behind that sentence.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > probe.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="ModelContextProtocol.AspNetCore" Version="2.4.0" />
  </ItemGroup>
</Project>
XML
cat > probe.cs <<'CS'
using System.ComponentModel;
using System.Diagnostics;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Server;
var call = "";
using var listener = new ActivityListener
{
    ShouldListenTo = source => source.Name.Contains("ModelContextProtocol"),
    Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
    ActivityStopped = span =>
    {
        if (span.DisplayName.StartsWith("tools/call"))
            Console.WriteLine($"{call}: {span.Kind} {span.Status} {span.GetTagItem("error.type")} {span.Events.Count()} events {span.StatusDescription}");
    },
};
ActivitySource.AddActivityListener(listener);
var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddMcpServer().WithHttpTransport(http => http.Stateless = true).WithTools<Tools>();
await using var app = builder.Build();
app.MapMcp("/mcp");
await app.StartAsync();
await using var client = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri(app.Urls.First() + "/mcp") }));
foreach (var (what, tool, arguments) in new (string, string, Dictionary<string, object>)[]
{
    ("missing", "greet", new()), ("number", "greet", new() { ["name"] = 5 }), ("thrown", "fail", new()), ("told", "refuse", new()), ("protocol", "argue", new()),
})
{
    call = what;
    try
    {
        await client.CallToolAsync(tool, arguments);
    }
    catch (McpProtocolException)
    {
    }
}
[McpServerToolType]
sealed class Tools
{
    [McpServerTool(Name = "greet")]
    public static string Greet(string name) => $"Hello {name}";
    [McpServerTool(Name = "fail")]
    public static string Fail() => throw new InvalidOperationException("the reason");
    [McpServerTool(Name = "refuse")]
    public static string Refuse() => throw new McpException("There is no such order.");
    [McpServerTool(Name = "argue")]
    public static string Argue() => throw new McpProtocolException("Bad order.", McpErrorCode.InvalidParams);
}
CS
dotnet build -v quiet --nologo > build.log 2>&1 || { cat build.log; exit 1; }
seen=$(dotnet run --no-build)
printf '%s\n' "$seen"
for what in missing number; do
    [ "$(grep -c "^$what: \(Server\|Client\) Error tool_error 0 events \[{\"type\":\"text\",\"text\":\"An error occurred invoking .u0027greet.u0027.\"}\]$" <<< "$seen")" = 2 ]
done
[ "$(grep -c "^thrown: \(Server\|Client\) Error tool_error 0 events \[{\"type\":\"text\",\"text\":\"An error occurred invoking .u0027fail.u0027.\"}\]$" <<< "$seen")" = 2 ]
[ "$(grep -c "^told: .* tool_error 0 events .*There is no such order" <<< "$seen")" = 2 ]
grep -q "^protocol: Server Error -32602 0 events Bad order.$" <<< "$seen"
