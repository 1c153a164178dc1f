using HarmonyLib.Rejit;

namespace HarmonyLib.Tests;

/// <summary>What the runtime answers reaches the log as a sentence, not as a number.</summary>
[TestClass]
public sealed class HresultTests
{
    [TestMethod]
    [DataRow(0x8013136Au, "another profiler is already loaded (one per process), probably another vendor's agent", DisplayName = "CORPROF_E_PROFILER_ALREADY_ACTIVE")]
    [DataRow(0x80131515u, "attaching a profiler is switched off in this process", DisplayName = "COR_E_NOTSUPPORTED")]
    [DataRow(0x80131385u, "the runtime does not understand the command to attach", DisplayName = "CORDIAGIPC_E_UNKNOWN_COMMAND")]
    [DataRow(0x80131387u, "the runtime's diagnostics server failed", DisplayName = "CORDIAGIPC_E_UNKNOWN_ERROR")]
    [DataRow(0x80131371u, "the runtime has not started up yet", DisplayName = "CORPROF_E_RUNTIME_UNINITIALIZED")]
    [DataRow(0x80131379u, "a garbage collection in progress did not end in time to attach", DisplayName = "CORPROF_E_TIMEOUT_WAITING_FOR_CONCURRENT_GC")]
    [DataRow(0x80004002u, "the runtime is too old (no ICorProfilerInfo10)", DisplayName = "E_NOINTERFACE")]
    [DataRow(0x80131373u, "the engine is not attached to the runtime", DisplayName = "CORPROF_E_PROFILER_NOT_YET_INITIALIZED")]
    [DataRow(0x8013137Cu, "ReJIT is switched off in this process (DOTNET_ProfApi_RejitOnAttach=0)", DisplayName = "CORPROF_E_REJIT_NOT_ENABLED")]
    [DataRow(0x80131383u, "ReJIT is switched off in this process (DOTNET_ProfApi_RejitOnAttach=0)", DisplayName = "CORPROF_E_REJIT_INLINING_DISABLED")]
    [DataRow(0x80131363u, "the call is not allowed on this thread or at this time", DisplayName = "CORPROF_E_UNSUPPORTED_CALL_SEQUENCE")]
    [DataRow(0x80131388u, "the runtime is being suspended by somebody else at this moment", DisplayName = "CORPROF_E_SUSPENSION_IN_PROGRESS")]
    [DataRow(0x80131351u, "the module is not fully loaded yet or is being unloaded", DisplayName = "CORPROF_E_DATAINCOMPLETE")]
    [DataRow(0x80131354u, "it has no IL (extern)", DisplayName = "CORPROF_E_FUNCTION_NOT_IL")]
    [DataRow(0x8013135Du, "the runtime does not do this for a generic type or method", DisplayName = "CORPROF_E_FUNCTION_IS_PARAMETERIZED")]
    [DataRow(0x8013137Au, "the module is dynamic (generated at run time)", DisplayName = "CORPROF_E_MODULE_IS_DYNAMIC")]
    [DataRow(0x8013137Eu, "the method's assembly is collectible", DisplayName = "CORPROF_E_FUNCTION_IS_COLLECTIBLE")]
    [DataRow(0x8013138Au, "the module is open for hot reload or edit and continue, where the runtime allows no ReJIT", DisplayName = "CORPROF_E_MODULE_IS_ENC")]
    [DataRow(0x8013153Au, "the new body is not valid IL", DisplayName = "COR_E_INVALIDPROGRAM")]
    [DataRow(0x8007000Eu, "out of memory", DisplayName = "COR_E_OUTOFMEMORY")]
    [DataRow(0x80131506u, "internal error of the runtime", DisplayName = "COR_E_EXECUTIONENGINE")]
    [DataRow(0x80004005u, "HRESULT 0x80004005", DisplayName = "E_FAIL says nothing")]
    [DataRow(0x0BADF00Du, "HRESULT 0x0BADF00D", DisplayName = "unknown")]
    public void Sentence(uint hresult, string sentence) => Assert.AreEqual(sentence, Hresult.Sentence(unchecked((int)hresult)));
}
