using System.Diagnostics;

namespace Agent.IntegrationTests;

/// <summary>A server of the tests' own: a free port of the loopback interface, a folder that is deleted, an unprivileged user.</summary>
sealed class Server : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Some servers refuse to run as root.</summary>
    static readonly string[] Unprivileged = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] : [];

    readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly string? _missing;
    Process? _process;

    Server(string? missing) => _missing = missing;

    public int Port { get; } = TestApp.FreePort();

    public string Folder { get; } = Directory.CreateTempSubdirectory("agent-tests-").FullName;

    /// <param name="program">Null if it is not installed.</param>
    /// <param name="package">Debian's, that has it.</param>
    /// <param name="prepare">Makes what the server needs, and says how it is started.</param>
    public static async Task<Server> Start(string? program, string package, Func<string, Server, Task<string[]>> prepare)
    {
        var server = new Server(program is null ? $"{package} is not installed" : null);
        if (program is null)
            return server;
        try
        {
            if (Unprivileged.Length > 0)
                await Finished(server.Begin(["chown", "nobody", server.Folder], isUnprivileged: false));
            var process = server._process = server.Begin(await prepare(program, server), isUnprivileged: true);
            process.Exited += (_, _) => server._ready.TrySetException(new InvalidOperationException($"{program} has ended"));
            process.EnableRaisingEvents = true;
            await server._ready.Task.WaitAsync(Patience);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The test is skipped, with the reason, if the server is not installed.</summary>
    public void MustBeThere()
    {
        if (_missing is not null)
            Assert.Inconclusive(_missing);
    }

    /// <summary>Runs a program as the server's user and waits for its end.</summary>
    public Task Run(params string[] command) => Finished(Begin(command, isUnprivileged: true));

    /// <summary>Ends the server before its time.</summary>
    public async Task End()
    {
        if (_process is not null)
        {
            using var quit = Process.Start("kill", ["-QUIT", $"{_process.Id}"]); // ends the children of PostgreSQL, too
            await quit.WaitForExitAsync();
            await _process.WaitForExitAsync().WaitAsync(Patience);
            _process.Dispose();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A server says in its log when it takes connections, each in almost the same words.</summary>
    Process Begin(string[] command, bool isUnprivileged)
    {
        string[] whole = isUnprivileged ? [.. Unprivileged, .. command] : command;
        var process = new Process { StartInfo = new ProcessStartInfo(whole[0], whole[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder } };
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Hear(string? line)
        {
            if (line is not null && (line.Contains("eady to accept connections", StringComparison.Ordinal) || line.Contains("ready for connections", StringComparison.Ordinal) || line.Contains("Server is ready", StringComparison.Ordinal) || line.EndsWith(" running", StringComparison.Ordinal)))
                _ready.TrySetResult();
        }
    }

    static async Task Finished(Process process)
    {
        using (process)
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
            Assert.AreEqual(0, process.ExitCode, $"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}");
        }
    }
}
