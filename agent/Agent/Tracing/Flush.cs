using System.Runtime.InteropServices;
using Agent.Diagnosis;
using Agent.Instrumentations.Jobs;
using OpenTelemetry.Trace;

namespace Agent.Tracing;

/// <summary>
/// Sends what is still queued before the process ends, whichever way it ends, for at most <see cref="Cap"/>. Never cancels a signal and
/// never exits: how the app ends is the app's business.
/// </summary>
sealed class Flush
{
    static readonly TimeSpan Cap = TimeSpan.FromSeconds(5), Moment = TimeSpan.FromSeconds(0.5);

    readonly Lock _gate = new();
    readonly TracerProvider? _provider;
    readonly bool _onUnhandledException;
    bool _isShutDown;
    bool _isHandedOver;
    bool _hasEnded;

    /// <param name="provider">What has the spans; null if the app's own has them.</param>
    /// <param name="onUnhandledException">Also when an exception ends the process.</param>
    public Flush(TracerProvider? provider, bool onUnhandledException)
    {
        (_provider, _onUnhandledException) = (provider, onUnhandledException);
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
        s_current = this;
    }

    static PosixSignalRegistration[] s_signals = [];
    static volatile Flush? s_current;

    /// <summary>
    /// From now on a signal that ends the process is heard. To be called before a host can hear it: of several handlers the newest is called
    /// first, and only one that is called after the host's knows whether there is a host.
    /// </summary>
    public static void HearSignals() =>
        s_signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal)];

    /// <summary>Now, and not at the end of the process any more.</summary>
    public void Detach()
    {
        Shutdown();
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
        s_current = null;
        foreach (var signal in s_signals)
            signal.Dispose();
        s_signals = [];
        _provider?.Dispose();
    }

    void OnExit(object? sender, EventArgs e) => End(exitCode: Environment.ExitCode);

    void OnUnhandledException(object sender, UnhandledExceptionEventArgs unhandled)
    {
        if (_onUnhandledException && unhandled.IsTerminating)
            End(unhandled.ExceptionObject as Exception);
    }

    /// <summary>
    /// Without a host the signal kills the process as soon as the handlers return, without ProcessExit; so this is the last chance.
    /// With one, its handler has set Cancel by now (the runtime calls the newest registration first and ours is the oldest): the app
    /// shuts down in its own time, and ProcessExit follows.
    /// </summary>
    static void OnSignal(PosixSignalContext signal)
    {
        if (!signal.Cancel)
            s_current?.End();
    }

    void End(Exception? exception = null, int exitCode = 0)
    {
        Startup.End(exception, exitCode);
        Shutdown();
        if (Interlocked.Exchange(ref _hasEnded, true))
            return;
        AgentProcess.HasEnded = true;
        AgentStatus.End();
    }

    /// <summary>Hears no more spans from now on; what there is, is sent on a thread of its own.</summary>
    public void HandOver()
    {
        if (_provider is null || Interlocked.Exchange(ref _isHandedOver, true))
            return;
        SdkInternals.Listener(_provider).Dispose(); // shutting a provider down first sends what it has and only then stops listening
        new Thread(Shutdown) { Name = "Agent hand-over", IsBackground = true }.Start();
    }

    /// <summary>Once; whoever comes while it is going on waits for its end.</summary>
    void Shutdown()
    {
        lock (_gate)
        {
            if (_isShutDown)
                return;
            _isShutDown = true;
            Send();
        }
    }

    void Send()
    {
        try
        {
            HostedServiceSpan.WaitForEnds(Moment);
            DispatchSpan.WaitForEnds(Moment);
            if (_provider?.Shutdown((int)Cap.TotalMilliseconds) == false)
                Log.Debug($"some spans could not be sent within {Cap.TotalSeconds:0} s");
        }
        catch (Exception e)
        {
            Log.Error($"the last spans could not be sent: {e}");
        }
    }
}
