#!/usr/bin/env bash
# Azure.Monitor.OpenTelemetry.Exporter 1.8.3 sends no log record that was written inside of a recorded activity when the app runs on .NET 11.0.0; on .NET 10 it
# sends it. Its filter lets such a record through only if the activity's trace flags are exactly Recorded (01). On .NET 11 activities that are started without
# a parent also carry the flag that says their trace id is random (03). Records written outside of activities are sent on both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > probe.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <SelfContained>true</SelfContained>
    <InvariantGlobalization>true</InvariantGlobalization>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Azure.Monitor.OpenTelemetry.Exporter" Version="1.8.3" />
  </ItemGroup>
</Project>
XML
cat > probe.cs <<'CS'
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

var port = 20000 + Environment.ProcessId % 10000;
var received = new ConcurrentQueue<string>();
using var server = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
server.Start();
_ = Task.Run(async () =>
{
    while (true)
    {
        var call = await server.GetContextAsync();
        Stream body = call.Request.InputStream;
        if (call.Request.Headers["Content-Encoding"] == "gzip")
            body = new GZipStream(body, CompressionMode.Decompress);
        received.Enqueue(await new StreamReader(body).ReadToEndAsync());
        call.Response.OutputStream.Write("{\"itemsReceived\":1,\"itemsAccepted\":1,\"errors\":[]}"u8);
        call.Response.Close();
    }
});
void Configure(AzureMonitorExporterOptions options)
{
    options.ConnectionString = $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=http://127.0.0.1:{port}/;LiveEndpoint=http://127.0.0.1:{port}/";
    options.DisableOfflineStorage = true;
    options.EnableLiveMetrics = false;
}
using var source = new ActivitySource("probe");
using var traces = Sdk.CreateTracerProviderBuilder().AddSource("probe").Build();
ActivityTraceFlags flags;
using (var logs = LoggerFactory.Create(builder => builder.AddOpenTelemetry(options => options.AddAzureMonitorLogExporter(Configure))))
{
    var logger = logs.CreateLogger("probe");
    logger.LogWarning("outside");
    using var activity = source.StartActivity("work")!;
    flags = activity.ActivityTraceFlags;
    logger.LogWarning("inside");
}
var all = string.Join('\n', received);
Console.WriteLine($".NET {Environment.Version.Major}: flags {(int)flags:x2}, outside {all.Contains("outside")}, inside {all.Contains("inside")}");
CS
probe() { # version
    dotnet publish -v quiet --nologo -p:RuntimeFrameworkVersion="$1" -o "$1" > publish.log 2>&1 || { cat publish.log; exit 1; }
    "$1/probe"
}
ten=$(probe 10.0.12)
eleven=$(probe 11.0.0)
printf '%s\n%s\n' "$ten" "$eleven"
[ "$ten" = ".NET 10: flags 01, outside True, inside True" ]
[ "$eleven" = ".NET 11: flags 03, outside True, inside False" ]
