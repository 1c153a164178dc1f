using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Storefront.Instrumentation;

/// <summary>What the shop wants in its traces beyond what the agent sees by itself. The agent calls these methods before the shop's own code runs.</summary>
public static class Instrumentation
{
    public static void Initializing() => Environment.SetEnvironmentVariable("Stock__Warehouse", "north"); // the shop's configuration has it from its first line on

    public static TracerProviderBuilder BeforeConfigureTracerProvider(TracerProviderBuilder builder) => builder.AddSource(StockPatch.Source.Name).AddProcessor(new Till());

    public static ResourceBuilder ConfigureResource(ResourceBuilder builder) => builder.AddAttributes([new("shop.region", "eu")]);
}
