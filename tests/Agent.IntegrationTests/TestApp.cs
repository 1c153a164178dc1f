using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Agent.IntegrationTests;

/// <summary>A test app as a process of its own, steered by environment variables only.</summary>
sealed class TestApp : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(OtherSystem.Name is null ? 60 : 180);

    static int s_port = Random.Shared.Next();

    readonly Process _process;
    readonly Task<string> _error;
    readonly List<(string Text, TaskCompletionSource Told)> _awaited = [], _awaitedOutput = [];
    readonly System.Text.StringBuilder _errorSoFar = new();
    readonly List<string> _output = [];
    readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task _outputEnd;

    TestApp(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _error = ReadError();
        _outputEnd = ReadOutput();
    }

    /// <summary>Standard output so far; complete after the end.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return string.Join('\n', _output);
        }
    }

    /// <summary>Starts a test app.</summary>
    /// <param name="name">Its project.</param>
    /// <param name="environment">Set in addition to a clean environment; null removes a variable.</param>
    public static TestApp Start(string name, string[] args, params (string Name, string? Value)[] environment) =>
        Start(new ProcessStartInfo("dotnet", [Places.TestApp(name), .. args]), environment);

    public static TestApp Start(ProcessStartInfo start, params (string Name, string? Value)[] environment)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        OtherSystem.Translate(start);
        return new TestApp(start);

        static bool IsOurs(string name) => name.StartsWith("OTEL_", StringComparison.Ordinal) || name.StartsWith("AGENT_", StringComparison.Ordinal)
            || name is "DOTNET_STARTUP_HOOKS" or "ASPNETCORE_ENVIRONMENT" or "DOTNET_ENVIRONMENT" or "ASPNETCORE_URLS";
    }

    /// <summary>The process.</summary>
    public int Id => _process.Id;

    /// <summary>The address a web app says it listens on.</summary>
    public Task<Uri> Listening => WithinPatience(_listening.Task);

    /// <summary>Completes when this has appeared on standard error.</summary>
    public Task Told(string text)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_awaited)
        {
            if (_errorSoFar.ToString().Contains(text, StringComparison.Ordinal))
                return Task.CompletedTask;
            _awaited.Add((text, told));
        }
        return WithinPatience(told.Task);
    }

    /// <summary>Completes when a line with this has appeared on standard output.</summary>
    public Task Printed(string text)
    {
        var printed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_output)
        {
            if (_output.Exists(line => line.Contains(text, StringComparison.Ordinal)))
                return Task.CompletedTask;
            _awaitedOutput.Add((text, printed));
        }
        return WithinPatience(printed.Task);
    }

    /// <summary>Completes when the app has printed something.</summary>
    public Task FirstLine => WithinPatience(_firstLine.Task);

    public async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Asks a web app to end, as a container runtime does.</summary>
    public async Task<EndedApp> Stop()
    {
        await Signal(OtherSystem.EndSignal);
        return await End();
    }

    /// <summary>Waits for the end.</summary>
    /// <param name="patience">How long; by default as for everything else that an app does.</param>
    public async Task<EndedApp> End(TimeSpan? patience = null)
    {
        await WithinPatience(_process.WaitForExitAsync(), patience);
        await _outputEnd;
        return new EndedApp(_process.ExitCode, Output, await _error);
    }

    /// <summary>Ends it and the processes it has started.</summary>
    public Task<EndedApp> Kill()
    {
        _process.Kill(entireProcessTree: true);
        return End();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>A port that nobody uses, and that nobody gets who asks the system for any (32768 and more on Linux), so that it stays so.</summary>
    public static int FreePort()
    {
        const int first = 20000, many = 12000;
        while (true)
        {
            var port = first + (int)((uint)Interlocked.Increment(ref s_port) % many);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                continue;
            }
        }
    }

    async Task<string> ReadError()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_awaited)
            {
                _errorSoFar.Append(line).Append('\n');
                foreach (var (text, told) in _awaited)
                {
                    if (line.Contains(text, StringComparison.Ordinal))
                        told.TrySetResult();
                }
            }
        }
        return _errorSoFar.ToString();
    }

    async Task ReadOutput()
    {
        const string listening = "Now listening on: ";
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_output)
            {
                _output.Add(line);
                foreach (var (text, printed) in _awaitedOutput)
                {
                    if (line.Contains(text, StringComparison.Ordinal))
                        printed.TrySetResult();
                }
            }
            _firstLine.TrySetResult();
            if (line.IndexOf(listening, StringComparison.Ordinal) is var at and >= 0)
                _listening.TrySetResult(new Uri(line[(at + listening.Length)..]));
        }
        var ended = new InvalidOperationException($"The app ended.\n{Output}\n{await _error}");
        _listening.TrySetException(ended);
        _firstLine.TrySetException(ended);
    }

    async Task WithinPatience(Task task, TimeSpan? patience = null)
    {
        try
        {
            await task.WaitAsync(patience ?? Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The app did not do it within {patience ?? Patience}.\n{Output}");
        }
    }

    async Task<T> WithinPatience<T>(Task<T> task)
    {
        await WithinPatience((Task)task);
        return await task;
    }
}

/// <summary>What is left of an app that has ended.</summary>
sealed record EndedApp(int ExitCode, string Output, string Error);
