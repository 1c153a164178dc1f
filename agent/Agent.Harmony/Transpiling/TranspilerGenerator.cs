using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace HarmonyLib.Transpiling;

/// <summary>The generator that transpilers get: it gives out labels and local variables. Instructions are what a transpiler returns, not what it emits.</summary>
sealed class TranspilerGenerator : ILGenerator
{
    int _labels;

    /// <summary>The original's local variables, and those that were declared.</summary>
    public List<LocalBuilder> Locals { get; } = [];

    public override LocalBuilder DeclareLocal(Type localType, bool pinned)
    {
        ArgumentNullException.ThrowIfNull(localType);
        var local = new Local(Locals.Count, localType, pinned);
        Locals.Add(local);
        return local;
    }

    public override Label DefineLabel() => CreateLabel(_labels++);

    public override int ILOffset => 0;

    static NotSupportedException Refused() => new("a transpiler does not emit instructions, it returns them; its generator gives out labels and local variables only");

    public override void BeginCatchBlock(Type? exceptionType) => throw Refused();
    public override void BeginExceptFilterBlock() => throw Refused();
    public override Label BeginExceptionBlock() => throw Refused();
    public override void BeginFaultBlock() => throw Refused();
    public override void BeginFinallyBlock() => throw Refused();
    public override void BeginScope() => throw Refused();
    public override void Emit(OpCode opcode) => throw Refused();
    public override void Emit(OpCode opcode, byte arg) => throw Refused();
    public override void Emit(OpCode opcode, double arg) => throw Refused();
    public override void Emit(OpCode opcode, short arg) => throw Refused();
    public override void Emit(OpCode opcode, int arg) => throw Refused();
    public override void Emit(OpCode opcode, long arg) => throw Refused();
    public override void Emit(OpCode opcode, ConstructorInfo con) => throw Refused();
    public override void Emit(OpCode opcode, Label label) => throw Refused();
    public override void Emit(OpCode opcode, Label[] labels) => throw Refused();
    public override void Emit(OpCode opcode, LocalBuilder local) => throw Refused();
    public override void Emit(OpCode opcode, SignatureHelper signature) => throw Refused();
    public override void Emit(OpCode opcode, FieldInfo field) => throw Refused();
    public override void Emit(OpCode opcode, MethodInfo meth) => throw Refused();
    public override void Emit(OpCode opcode, float arg) => throw Refused();
    public override void Emit(OpCode opcode, string str) => throw Refused();
    public override void Emit(OpCode opcode, Type cls) => throw Refused();
    public override void EmitCall(OpCode opcode, MethodInfo methodInfo, Type[]? optionalParameterTypes) => throw Refused();
    public override void EmitCalli(OpCode opcode, CallingConventions callingConvention, Type? returnType, Type[]? parameterTypes, Type[]? optionalParameterTypes) => throw Refused();
    public override void EmitCalli(OpCode opcode, CallingConvention unmanagedCallConv, Type? returnType, Type[]? parameterTypes) => throw Refused();
    public override void EndExceptionBlock() => throw Refused();
    public override void EndScope() => throw Refused();
    public override void MarkLabel(Label loc) => throw Refused();
    public override void UsingNamespace(string usingNamespace) => throw Refused();

    sealed class Local(int index, Type type, bool isPinned) : LocalBuilder
    {
        public override int LocalIndex => index;

        public override Type LocalType => type;

        public override bool IsPinned => isPinned;
    }
}
