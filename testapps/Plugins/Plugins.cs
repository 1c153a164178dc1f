using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Plugins;

/// <summary>As it should be.</summary>
public sealed class Good
{
    public TracerProviderBuilder AfterConfigureTracerProvider(TracerProviderBuilder builder) => builder.AddSource(MainPatch.Source.Name).AddProcessor(new Discretion());

    public void TracerProviderInitialized(TracerProvider tracerProvider)
    {
        using var source = new ActivitySource(MainPatch.Source.Name);
        using var span = source.StartActivity("initialized");
        using var unwanted = source.StartActivity("unwanted");
    }

    /// <summary>Keeps a span from being sent, as OpenTelemetry documents it.</summary>
    sealed class Discretion : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.DisplayName == "unwanted")
                data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}

/// <summary>Throws wherever it can.</summary>
public sealed class Throwing
{
    public void Initializing() => throw new InvalidOperationException("no beginning");

    public TracerProviderBuilder BeforeConfigureTracerProvider(TracerProviderBuilder builder) => throw new InvalidOperationException("no before");

    public TracerProviderBuilder AfterConfigureTracerProvider(TracerProviderBuilder builder) => throw new InvalidOperationException("no after");

    public ResourceBuilder ConfigureResource(ResourceBuilder builder) => throw new InvalidOperationException("no resource");

    public void TracerProviderInitialized(TracerProvider tracerProvider) => throw new InvalidOperationException("no provider");
}

/// <summary>Throws while the provider is built.</summary>
public sealed class Unbuildable
{
    public TracerProviderBuilder AfterConfigureTracerProvider(TracerProviderBuilder builder) => builder.AddProcessor(_ => throw new InvalidOperationException("no processor"));
}

/// <summary>Has methods with the right names and other parameters.</summary>
public sealed class Misshapen
{
    public void Initializing(string name) => Console.WriteLine(name);

    public void TracerProviderInitialized(TracerProviderBuilder builder) => Console.WriteLine(builder);
}

/// <summary>Throws before it is there.</summary>
public sealed class Unborn
{
    public Unborn() => throw new InvalidOperationException("no constructor");

    public void Initializing() => Console.WriteLine("unborn");
}

/// <summary>Has nothing that would be called.</summary>
public sealed class Idle;
