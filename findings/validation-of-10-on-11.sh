#!/usr/bin/env bash
# A web app that calls AddValidation() and was compiled for .NET 10 does not run on .NET 11.0.0: what the framework's source generator has written into it
# derives from Microsoft.Extensions.Validation.ValidatableTypeInfo and ValidatablePropertyInfo, which are gone in 11. Whoever asks for all types of such an
# app, as MVC does for its controllers, gets a ReflectionTypeLoadException. Other net10.0 apps roll forward to 11 as they are.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > probe.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <SelfContained>true</SelfContained>
    <InvariantGlobalization>true</InvariantGlobalization>
  </PropertyGroup>
</Project>
XML
cat > probe.cs <<'CS'
using System.ComponentModel.DataAnnotations;
var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();
app.MapPost("/orders", (Order order) => order);
try
{
    Console.WriteLine($"{typeof(Order).Assembly.GetTypes().Length > 0} on .NET {Environment.Version.Major}");
}
catch (System.Reflection.ReflectionTypeLoadException e)
{
    Console.WriteLine($"on .NET {Environment.Version.Major}: {e.LoaderExceptions.Select(item => item!.GetType().Name).Distinct().Single()}, {e.LoaderExceptions.Any(item => item!.Message.Contains("ValidatableTypeInfo"))}");
}
public record Order([property: Range(1, 10)] int Quantity);
static class Services { public static void Add(IServiceCollection services) => services.AddValidation(); }
CS
probe() { # version
    dotnet publish -v quiet --nologo -p:RuntimeFrameworkVersion="$1" -o "$1" > publish.log 2>&1 || { cat publish.log; exit 1; }
    "$1/probe"
}
ten=$(probe 10.0.12)
eleven=$(probe 11.0.0)
printf '%s\n%s\n' "$ten" "$eleven"
[ "$ten" = "True on .NET 10" ]
[ "$eleven" = "on .NET 11: TypeLoadException, True" ]
