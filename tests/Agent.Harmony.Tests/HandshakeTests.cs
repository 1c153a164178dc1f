using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using HarmonyLib.Rejit;

namespace HarmonyLib.Tests;

/// <summary>What the native library makes of a diagnostics server that does not do what it should.</summary>
[TestClass]
[TestCategory("NotUnderWine")]
public sealed class HandshakeTests : IDisposable
{
    const int WindowChange = 28; // SIGWINCH: does nothing to a process, but calls the runtime's handler

    readonly string _path = Path.Combine(Path.GetTempPath(), $"agent-test-{Environment.ProcessId}-{Guid.NewGuid():N}");
    readonly Socket _server = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public HandshakeTests()
    {
        _server.Bind(new UnixDomainSocketEndPoint(_path));
        _server.Listen();
    }

    public void Dispose()
    {
        _server.Dispose();
        File.Delete(_path);
    }

    AttachStage Attach(string library, TimeSpan timeout, out int answer)
    {
        byte[] address = [1, 0, .. Encoding.UTF8.GetBytes(_path), 0]; // a sockaddr_un of Linux
        return RejitLibrary.Attach(address, library, timeout, out answer);
    }

    /// <returns>The request.</returns>
    async Task<byte[]> Answer(byte[] response, Action? before = null)
    {
        using var connection = await _server.AcceptAsync();
        var request = new byte[0x10000];
        var length = 0;
        do
        {
            var got = await connection.ReceiveAsync(request.AsMemory(length));
            Assert.IsGreaterThan(0, got);
            length += got;
        }
        while (length < 16 || length < BitConverter.ToUInt16(request, 14));
        before?.Invoke();
        await connection.SendAsync(response);
        return request[..length];
    }

    static byte[] Response(byte command, int result) => [.. "DOTNET_IPC_V1\0"u8, 24, 0, 0xFF, command, 0, 0, .. BitConverter.GetBytes(result)];

    [TestMethod]
    [Timeout(30_000)]
    public async Task Command_to_attach_and_the_refusal()
    {
        var served = Answer(Response(0xFF, unchecked((int)0x8013136A)));
        var library = "/" + new string('ä', 4000);
        Assert.AreEqual(AttachStage.Answer, Attach(library, TimeSpan.FromSeconds(20), out var answer));
        Assert.AreEqual(unchecked((int)0x8013136A), answer);
        var request = await served;
        Assert.HasCount(20 + 4 + 16 + 4 + 2 * 4002 + 4, request);
        Assert.AreEqual("DOTNET_IPC_V1\0", Encoding.ASCII.GetString(request[..14]));
        Assert.AreEqual(library + "\0", Encoding.Unicode.GetString(request[44..^4]));
    }

    [TestMethod]
    [Timeout(30_000)]
    public async Task Signals_while_it_waits()
    {
        using var handler = PosixSignalRegistration.Create((PosixSignal)WindowChange, static context => context.Cancel = true);
        var thread = OwnThread();
        var served = Answer(Response(0xFF, unchecked((int)0x8013136A)), before: () =>
        {
            for (var i = 0; i < 100; i++)
                Interrupt(thread);
        });
        Assert.AreEqual(AttachStage.Answer, Attach("/library", TimeSpan.FromSeconds(20), out _));
        await served;

        static unsafe nint OwnThread() => ((delegate* unmanaged<nint>)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "pthread_self"))();

        static unsafe void Interrupt(nint thread)
        {
            ((delegate* unmanaged<nint, int, int>)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "pthread_kill"))(thread, WindowChange);
            Thread.Yield();
        }
    }

    [TestMethod]
    [Timeout(30_000)]
    public async Task Answer_that_breaks_off()
    {
        var served = Answer(Response(0, 0)[..^1]);
        Assert.AreEqual(AttachStage.Read, Attach("/library", TimeSpan.FromSeconds(20), out _));
        await served;
    }

    [TestMethod]
    [Timeout(30_000)]
    public void No_answer_ends_with_the_timeout() => // the server accepts a connection, but reads nothing
        Assert.AreEqual(AttachStage.Read, Attach("/library", TimeSpan.FromMilliseconds(100), out _));

    [TestMethod]
    public void Nobody_listens()
    {
        _server.Dispose();
        Assert.AreEqual(AttachStage.Connect, Attach("/library", TimeSpan.FromSeconds(20), out _));
    }

    [TestMethod]
    public void Path_that_no_system_could_load() =>
        Assert.AreEqual(AttachStage.Write, Attach("/" + new string('a', 4096), TimeSpan.FromSeconds(20), out _));
}
