using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using HarmonyLib.Rejit;

namespace HarmonyLib.Tests;

/// <summary>The published libraries, for whichever systems there are: they need nothing but a few functions that every process has.</summary>
[TestClass]
public sealed partial class NativeLibraryTests
{
    /// <summary>memcpy and memset: a compiler may call them for a copy or a loop, whatever it is told.</summary>
    static readonly string[] MayImport =
    [
        "close", "connect", "free", "malloc", "memcpy", "memset", "pthread_create", "pthread_join", "read", "sched_yield", "setsockopt", "socket", "write",
    ];

    /// <summary>RejitLibrary has one field per function, `_takeErrors` for `agent_take_errors`; the runtime calls the other two.</summary>
    static readonly string[] Exports =
    [
        "DllCanUnloadNow", "DllGetClassObject",
        .. typeof(RejitLibrary).GetFields(BindingFlags.Static | BindingFlags.NonPublic).Where(field => field.FieldType.IsFunctionPointer)
            .Select(field => $"agent{Capital().Replace(field.Name, "_$0").ToLowerInvariant()}").Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();

    [TestMethod]
    public void Every_published_library_has_our_functions_and_needs_only_what_a_process_has()
    {
        Assert.Contains("agent_take_errors", Exports);
        Assert.IsTrue(File.Exists(Engine.Library), $"{Engine.Library} is missing: run ./build.sh publish");
        foreach (var folder in Directory.GetDirectories(Engine.Folder))
        {
            var rid = Path.GetFileName(folder);
            var path = Directory.GetFiles(folder).Single();
            var (isMac, isWindows) = (rid.StartsWith("osx-", StringComparison.Ordinal), rid.StartsWith("win-", StringComparison.Ordinal));
            Assert.AreEqual(isMac ? "libagent_rejit.dylib" : isWindows ? "agent_rejit.dll" : "libagent_rejit.so", Path.GetFileName(path));
            var bytes = File.ReadAllBytes(path);
            var file = isMac ? NativeFile.ReadMachO(bytes) : isWindows ? NativeFile.ReadPe(bytes) : NativeFile.ReadElf(bytes);
            Assert.AreEqual(rid switch { "win-x64" => 0x8664u, "linux-x64" => 62u, "linux-arm64" => 183u, "osx-x64" => 0x01000007u, "osx-arm64" => 0x0100000Cu, _ => 0u }, file.Machine, rid);
            CollectionAssert.AreEqual(Exports, file.Exports.Order(StringComparer.Ordinal).ToArray(), rid);
            if (isWindows)
            {
                CollectionAssert.AreEqual(new[] { "KERNEL32.dll" }, file.Dependencies.ToArray(), rid);
                continue;
            }
            Assert.IsEmpty(file.Imports.Except(MayImport).Except(isMac ? ["__error", "dyld_stub_binder"] : ["__errno_location"]), rid);
            Assert.Contains("pthread_create", file.Imports, rid);
            // macOS refuses a library that names no other one, has no id, or (on its own processors) no signature.
            CollectionAssert.AreEqual(isMac ? ["/usr/lib/libSystem.B.dylib"] : Array.Empty<string>(), file.Dependencies.ToArray(), rid);
            if (isMac)
                Assert.Contains(NativeFile.Uuid, file.Commands, rid);
            if (rid == "osx-arm64")
                Assert.Contains(NativeFile.CodeSignature, file.Commands, rid);
        }
    }

    /// <summary>musl's loader is its C library, too: what it does not have would end the load.</summary>
    [TestMethod]
    public void The_linux_library_asks_nothing_of_the_C_library_that_musl_does_not_have()
    {
        const string musl = "/lib/ld-musl-x86_64.so.1";
        if (!File.Exists(musl))
            Assert.Inconclusive($"There is no {musl} (Debian and Ubuntu: apt-get install musl).");
        var has = NativeFile.ReadElf(File.ReadAllBytes(musl)).Exports;
        Assert.IsGreaterThan(1000, has.Count);
        foreach (var rid in (string[])["linux-x64", "linux-arm64"])
            Assert.IsEmpty(NativeFile.ReadElf(File.ReadAllBytes(Path.Combine(Engine.Folder, rid, "libagent_rejit.so"))).Imports.Except(has), rid);
    }

    [TestMethod]
    public void What_the_runtime_cannot_do_with_a_method_is_taken_from_it()
    {
        RejitLibrary.TakeErrors(out _);
        MethodDescription[] method = [new() { Function = typeof(Targets).GetMethod(nameof(Targets.Add))!.MethodHandle.Value }];
        Assert.AreEqual(0, RejitLibrary.Describe(method));
        var module = method[0].Module;
        const int missing = 0x06FFFFF0;
        byte[] body = [0x0A, 0x14, 0x2A]; // tiny header; ldnull; ret
        unsafe
        {
            fixed (byte* bytes = body)
                Assert.AreEqual(0, RejitLibrary.Install([module], [missing], [(nint)bytes], [body.Length], [body.Length], 1));
        }
        var error = RejitLibrary.TakeErrors(out var lost).Single();
        Assert.AreEqual((module, missing, unchecked((int)0x80070057), 0), (error.Module, error.Method, error.Result, lost));
        Assert.IsEmpty(RejitLibrary.TakeErrors(out _));
        RejitLibrary.Revert([module], [missing], [0]);
        RejitLibrary.TakeErrors(out _);
    }
}
