using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Agent.Tracing;
using HarmonyLib;
using OpenTelemetry.Trace;

namespace Agent;

/// <summary>The agent in this process. Started once, by the startup hook, before Main.</summary>
public static class AgentProcess
{
    /// <summary>The agent's own version.</summary>
    public static string Version { get; } = typeof(AgentProcess).Assembly.GetName().Version!.ToString(3);

    /// <summary>
    /// Starts tracing. The tracer provider is built on a second thread while this one waits for the runtime to attach the patch engine;
    /// each takes some tens of milliseconds.
    /// </summary>
    /// <param name="folder">Where Agent.StartupHook.dll lies, with everything else below.</param>
    public static void Start(string folder)
    {
        var settings = Settings.Current;
        Log.Level = settings.LogLevel;
        foreach (var problem in settings.Problems)
            Log.Warn(problem);

        var provider = new Started<TracerProvider>(() => TracerProviderSetup.Build(settings));
        var engineProblem = AttachEngine(folder);
        _ = new Flush(provider.Result);
        AppContext.SetData("Agent.Tracing", Version);
        InstrumentationList.Start(isEngineThere: engineProblem is null);

        Log.Info($"tracing {Assembly.GetEntryAssembly()?.GetName().Name} ({settings.EnvironmentName}), {Destination(settings)}{engineProblem}");
    }

    static string Destination(Settings settings) => settings.Exporter == TracesExporter.Otlp
        ? $"traces go to {settings.Endpoint} ({settings.Protocol})."
        : "traces go nowhere (OTEL_TRACES_EXPORTER=none).";

    /// <summary>Null, or a sentence that says why methods cannot be patched.</summary>
    static string? AttachEngine(string folder)
    {
        Harmony.Report = Log.Error;
        try
        {
            var extension = OperatingSystem.IsMacOS() ? "dylib" : "so";
            Harmony.Attach(Path.Combine(folder, "native", Rid, $"libagent_rejit.{extension}"));
            return null;
        }
        catch (HarmonyException e)
        {
            return $" Only the framework's own spans, because {e.Message}.";
        }
    }

    static string Rid => $"{(OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>A value that is being made on a thread of its own; asking for it waits, and throws what the making has thrown.</summary>
    sealed class Started<T> where T : class
    {
        readonly Thread _thread;
        T? _result;
        ExceptionDispatchInfo? _failure;

        public Started(Func<T> make)
        {
            _thread = new Thread(() =>
            {
                try
                {
                    _result = make();
                }
                catch (Exception e)
                {
                    _failure = ExceptionDispatchInfo.Capture(e);
                }
            })
            { IsBackground = true, Name = "Agent start" };
            _thread.Start();
        }

        public T Result
        {
            get
            {
                _thread.Join();
                _failure?.Throw();
                return _result!;
            }
        }
    }
}
