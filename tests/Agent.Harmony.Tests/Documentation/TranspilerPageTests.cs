using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace HarmonyLib.Tests.Documentation;

/// <summary>harmony.pardeike.net, «Transpiler», «Transpiler codes» and «CodeMatcher».</summary>
[TestClass]
public sealed class TranspilerPageTests : PatchingTest
{
    internal sealed class Machine
    {
        public int Power = 1;
        int _hidden = 5;
        static int s_made;

        public static int Made => s_made;

        public int Hidden => _hidden;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public int Run(int input)
        {
            s_made++;
            return input * Factor() + Power;
        }

        static int Factor() => 2;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public string Name(string part) => "machine " + part[Math.Min(0, _hidden)..];

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static int Divide(int left, int right)
        {
            try
            {
                return left / right;
            }
            catch (DivideByZeroException) when (left > 0)
            {
                return -1;
            }
            catch (DivideByZeroException)
            {
                return -2;
            }
            finally
            {
                s_made++;
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static string Choose(int number) => number switch { 0 => "zero", 1 => "one", 2 => "two", 3 => "three", _ => number > 100 ? "many" : "some" };

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static string Describe(object value) => value is string text ? text : $"{value}";

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Touch(Machine machine) => machine._hidden++;
    }

    sealed class Hidden
    {
        public int Value = 40;
        static int s_count = 1;

        Hidden Next() => new() { Value = Value + s_count++ };

        public static int Count => s_count;

        public static Hidden After(Hidden hidden) => hidden.Next();
    }

    static readonly MethodInfo Run = Method(typeof(Machine), nameof(Machine.Run));

    void Transpile(MethodBase target, Func<IEnumerable<CodeInstruction>, IEnumerable<CodeInstruction>> transpiler) => Guarded.Patch(target, transpiler: new HarmonyMethod(transpiler));

    static IEnumerable<CodeInstruction> Same(IEnumerable<CodeInstruction> instructions) => instructions;

    [TestMethod]
    public void Nothing_changes_if_nothing_is_changed()
    {
        foreach (var target in AccessTools.GetDeclaredMethods(typeof(Machine)).Where(static method => !method.IsSpecialName))
            Transpile(target, Same);
        var machine = new Machine();
        Assert.AreEqual(21, machine.Run(10));
        Assert.AreEqual("machine x", machine.Name("x"));
        Assert.AreEqual((5, -1, -2), (Machine.Divide(10, 2), Machine.Divide(1, 0), Machine.Divide(-1, 0)));
        Assert.AreEqual("zero one three some many", string.Join(' ', new[] { 0, 1, 3, 7, 101 }.Select(Machine.Choose)));
        Machine.Touch(machine);
        Assert.AreEqual(6, machine.Hidden);
    }

    // constants, strings, calls of the patch class's own methods

    static IEnumerable<CodeInstruction> Tenfold(IEnumerable<CodeInstruction> instructions)
    {
        foreach (var instruction in instructions)
        {
            yield return instruction;
            if (instruction.Calls(Method(typeof(Machine), "Factor")))
            {
                yield return new CodeInstruction(OpCodes.Ldc_I4_S, 10);
                yield return new CodeInstruction(OpCodes.Mul);
                yield return new CodeInstruction(OpCodes.Call, Method(typeof(TranspilerPageTests), nameof(AddOne)));
            }
        }
    }

    static int AddOne(int number) => number + 1;

    static IEnumerable<CodeInstruction> OtherText(IEnumerable<CodeInstruction> instructions) => instructions.Manipulator(static item => item.LoadsConstant("machine "), static item => item.operand = "engine «ä» ");

    [TestMethod]
    public void Instructions_are_inserted()
    {
        Transpile(Run, Tenfold);
        Assert.AreEqual(10 * 21 + 1, new Machine().Run(10));
        Assert.AreEqual("Tenfold", Harmony.GetPatchInfo(Run)!.Transpilers.Single().PatchMethod.Name);
        Guarded.Unpatch(Run, HarmonyPatchType.Transpiler);
        Assert.AreEqual(21, new Machine().Run(10));
    }

    [TestMethod]
    public void A_string_is_replaced()
    {
        Transpile(Method(typeof(Machine), nameof(Machine.Name)), OtherText);
        Assert.AreEqual("engine «ä» x", new Machine().Name("x"));
    }

    static void Before(ref int input) => Seen.Add(input++);
    static void After(ref int __result) => __result = -__result;

    [TestMethod]
    public void Beside_prefixes_and_postfixes()
    {
        Transpile(Run, Tenfold);
        Patch(Run, Before, After);
        Assert.AreEqual(-(11 * 21 + 1), new Machine().Run(10));
        AssertSeen(10);
    }

    [TestMethod]
    public void One_after_the_other_by_priority()
    {
        Guarded.Patch(Run, transpiler: new HarmonyMethod(Tenfold) { priority = Priority.Low });
        Guarded.Patch(Run, transpiler: new HarmonyMethod((Func<IEnumerable<CodeInstruction>, IEnumerable<CodeInstruction>>)SeeMultiplications) { priority = Priority.High });
        Guarded.Patch(Run, transpiler: new HarmonyMethod((Func<IEnumerable<CodeInstruction>, IEnumerable<CodeInstruction>>)SeeMultiplications) { priority = Priority.Last });
        AssertSeen(1, 1, 2); // each change runs them all
    }

    static IEnumerable<CodeInstruction> SeeMultiplications(IEnumerable<CodeInstruction> instructions)
    {
        Seen.Add(instructions.Count(static instruction => instruction.opcode == OpCodes.Mul));
        return instructions;
    }

    // operands that the module has no reference to

    static IEnumerable<CodeInstruction> UseHidden(IEnumerable<CodeInstruction> instructions, ILGenerator generator)
    {
        var hidden = generator.DeclareLocal(typeof(Hidden));
        var text = generator.DeclareLocal(typeof(System.Text.StringBuilder));
        yield return new CodeInstruction(OpCodes.Newobj, typeof(Hidden).GetConstructor(Type.EmptyTypes));
        yield return new CodeInstruction(OpCodes.Stloc, hidden);
        yield return new CodeInstruction(OpCodes.Ldloc, hidden);
        yield return new CodeInstruction(OpCodes.Call, Method(typeof(Hidden), "Next"));
        yield return new CodeInstruction(OpCodes.Stloc_S, hidden);
        yield return new CodeInstruction(OpCodes.Newobj, typeof(System.Text.StringBuilder).GetConstructor(Type.EmptyTypes));
        yield return new CodeInstruction(OpCodes.Stloc, text);
        yield return new CodeInstruction(OpCodes.Ldloc, text);
        yield return new CodeInstruction(OpCodes.Ldloc, hidden);
        yield return CodeInstruction.LoadField(typeof(Hidden), nameof(Hidden.Value));
        yield return new CodeInstruction(OpCodes.Callvirt, typeof(System.Text.StringBuilder).GetMethod("Append", [typeof(int)]));
        yield return new CodeInstruction(OpCodes.Pop);
        yield return CodeInstruction.LoadField(typeof(Hidden), "s_count");
        yield return new CodeInstruction(OpCodes.Box, typeof(int));
        yield return new CodeInstruction(OpCodes.Call, Method(typeof(TranspilerPageTests), nameof(See)));
        yield return new CodeInstruction(OpCodes.Ldloc, hidden);
        yield return new CodeInstruction(OpCodes.Isinst, typeof(Hidden));
        yield return new CodeInstruction(OpCodes.Castclass, typeof(Hidden));
        yield return new CodeInstruction(OpCodes.Callvirt, typeof(object).GetMethod("GetType"));
        yield return new CodeInstruction(OpCodes.Call, Method(typeof(TranspilerPageTests), nameof(See)));
        yield return new CodeInstruction(OpCodes.Ldloc, text);
        yield return new CodeInstruction(OpCodes.Callvirt, typeof(object).GetMethod("ToString"));
        yield return new CodeInstruction(OpCodes.Call, Method(typeof(TranspilerPageTests), nameof(See)));
        yield return new CodeInstruction(OpCodes.Ldc_I4_2);
        yield return new CodeInstruction(OpCodes.Newarr, typeof(Hidden));
        yield return new CodeInstruction(OpCodes.Call, Method(typeof(TranspilerPageTests), nameof(See)));
        yield return new CodeInstruction(OpCodes.Ldtoken, typeof(Hidden));
        yield return new CodeInstruction(OpCodes.Call, typeof(Type).GetMethod("GetTypeFromHandle"));
        yield return new CodeInstruction(OpCodes.Call, Method(typeof(TranspilerPageTests), nameof(See)));
        yield return Transpilers.EmitDelegate(() => Seen.Add(hidden.LocalIndex));
        foreach (var instruction in instructions)
            yield return instruction;
    }

    static void See(object value) => Seen.Add(value is Array array ? array.Length : value);

    /// <summary>The method is the framework's: nothing of ours has a token there, and it may see nothing of ours.</summary>
    [TestMethod]
    public void A_method_of_the_framework_uses_what_is_ours()
    {
        var target = typeof(System.Net.WebUtility).GetMethod(nameof(System.Net.WebUtility.UrlDecode), [typeof(string)])!;
        Guarded.Patch(target, transpiler: new HarmonyMethod(typeof(TranspilerPageTests), nameof(UseHidden)));
        var count = Hidden.Count;
        Assert.AreEqual("a b", System.Net.WebUtility.UrlDecode("a+b"));
        AssertSeen(count + 1, typeof(Hidden), $"{40 + count}", 2, typeof(Hidden), Seen[^1]);
        Guarded.UnpatchAll();
        Assert.AreEqual("a b", System.Net.WebUtility.UrlDecode("a+b"));
    }

    static IEnumerable<CodeInstruction> UseGenerics(IEnumerable<CodeInstruction> instructions, ILGenerator generator)
    {
        var list = generator.DeclareLocal(typeof(List<Money>));
        var money = generator.DeclareLocal(typeof(Money));
        yield return new CodeInstruction(OpCodes.Newobj, typeof(List<Money>).GetConstructor(Type.EmptyTypes));
        yield return new CodeInstruction(OpCodes.Stloc, list);
        yield return new CodeInstruction(OpCodes.Ldloca, money);
        yield return new CodeInstruction(OpCodes.Initobj, typeof(Money));
        yield return new CodeInstruction(OpCodes.Ldloc, list);
        yield return new CodeInstruction(OpCodes.Ldc_I8, 7L);
        yield return new CodeInstruction(OpCodes.Ldc_I4_3);
        yield return new CodeInstruction(OpCodes.Newobj, typeof(Money).GetConstructors().Single());
        yield return new CodeInstruction(OpCodes.Callvirt, typeof(List<Money>).GetMethod("Add"));
        yield return new CodeInstruction(OpCodes.Ldloc, list);
        yield return new CodeInstruction(OpCodes.Call, typeof(Enumerable).GetMethods().First(static method => method.Name == "Count" && method.GetParameters().Length == 1).MakeGenericMethod(typeof(Money)));
        yield return new CodeInstruction(OpCodes.Box, typeof(int));
        yield return new CodeInstruction(OpCodes.Call, Method(typeof(TranspilerPageTests), nameof(See)));
        foreach (var instruction in instructions)
            yield return instruction;
    }

    [TestMethod]
    public void Generic_types_and_methods_and_structs()
    {
        var target = typeof(System.Net.WebUtility).GetMethod(nameof(System.Net.WebUtility.UrlDecode), [typeof(string)])!;
        Guarded.Patch(target, transpiler: new HarmonyMethod(typeof(TranspilerPageTests), nameof(UseGenerics)));
        Assert.AreEqual("x", System.Net.WebUtility.UrlDecode("x"));
        AssertSeen(1);
    }

    static IEnumerable<CodeInstruction> ReplaceFactor(IEnumerable<CodeInstruction> instructions) =>
        instructions.MethodReplacer(Method(typeof(Machine), "Factor"), Method(typeof(TranspilerPageTests), nameof(Hundred)));

    static int Hundred() => 100;

    [TestMethod]
    public void MethodReplacer()
    {
        Transpile(Run, ReplaceFactor);
        Assert.AreEqual(201, new Machine().Run(2));
    }

    // try blocks, labels

    static IEnumerable<CodeInstruction> GuardAll(IEnumerable<CodeInstruction> instructions, ILGenerator generator)
    {
        var result = generator.DeclareLocal(typeof(int));
        var end = generator.DefineLabel();
        List<CodeInstruction> all = [.. instructions];
        all[0].blocks.Insert(0, new(ExceptionBlockType.BeginExceptionBlock));
        foreach (var instruction in all)
        {
            if (instruction.opcode != OpCodes.Ret)
            {
                yield return instruction;
                continue;
            }
            yield return new CodeInstruction(OpCodes.Stloc, result).MoveLabelsFrom(instruction).MoveBlocksFrom(instruction);
            yield return new CodeInstruction(OpCodes.Leave, end);
        }
        yield return new CodeInstruction(OpCodes.Call, Method(typeof(TranspilerPageTests), nameof(Caught))).WithBlocks(new ExceptionBlock(ExceptionBlockType.BeginCatchBlock, typeof(NullReferenceException)));
        yield return new CodeInstruction(OpCodes.Stloc, result).WithBlocks(new ExceptionBlock(ExceptionBlockType.EndExceptionBlock));
        yield return new CodeInstruction(OpCodes.Ldloc, result).WithLabels(end);
        yield return new CodeInstruction(OpCodes.Ret);
    }

    static int Caught(NullReferenceException exception) => exception.Message.Length > 0 ? -77 : 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    static int LengthOf(string text) => text.Length;

    [TestMethod]
    public void A_try_block_is_put_around()
    {
        Guarded.Patch(Method(typeof(TranspilerPageTests), nameof(LengthOf)), transpiler: new HarmonyMethod(typeof(TranspilerPageTests), nameof(GuardAll)));
        Assert.AreEqual((3, -77), (LengthOf("abc"), LengthOf(null!)));
    }

    [TestMethod]
    public void A_try_block_around_others()
    {
        Guarded.Patch(Method(typeof(Machine), nameof(Machine.Divide)), transpiler: new HarmonyMethod(typeof(TranspilerPageTests), nameof(GuardAll)));
        Assert.AreEqual((5, -1, -2), (Machine.Divide(10, 2), Machine.Divide(1, 0), Machine.Divide(-1, 0)));
    }

    static IEnumerable<CodeInstruction> SkipNegative(IEnumerable<CodeInstruction> instructions, ILGenerator generator, MethodBase original)
    {
        Seen.Add(original.Name);
        return new CodeMatcher(instructions, generator)
            .Start()
            .CreateLabel(out var go)
            .Insert(
                new CodeInstruction(OpCodes.Ldarg_1),
                new CodeInstruction(OpCodes.Ldc_I4_0),
                new CodeInstruction(OpCodes.Bge_S, go),
                new CodeInstruction(OpCodes.Ldc_I4, -1000),
                new CodeInstruction(OpCodes.Ret))
            .InstructionEnumeration();
    }

    [TestMethod]
    public void A_jump_is_inserted()
    {
        Guarded.Patch(Run, transpiler: new HarmonyMethod(typeof(TranspilerPageTests), nameof(SkipNegative)));
        Assert.AreEqual((5, -1000), (new Machine().Run(2), new Machine().Run(-2)));
        AssertSeen("Run");
    }

    // patch classes

    [HarmonyPatch(typeof(Machine), nameof(Machine.Run))]
    static class OfClass
    {
        static IEnumerable<CodeInstruction> Transpiler(IEnumerable<CodeInstruction> instructions) => new CodeMatcher(instructions)
            .MatchStartForward(new CodeMatch(OpCodes.Ldfld, AccessTools.Field(typeof(Machine), nameof(Machine.Power))))
            .ThrowIfInvalid("no power")
            .Advance(1)
            .InsertAndAdvance(new CodeInstruction(OpCodes.Ldc_I4, 500), new CodeInstruction(OpCodes.Add))
            .InstructionEnumeration();
    }

    [TestMethod]
    public void In_a_patch_class()
    {
        Guarded.CreateClassProcessor(typeof(OfClass)).Patch();
        Assert.AreEqual(505, new Machine().Run(2));
    }

    // failures

    static IEnumerable<CodeInstruction> Throwing(IEnumerable<CodeInstruction> instructions) => throw new InvalidOperationException($"no {instructions.Any()}");
    static IEnumerable<CodeInstruction> Nowhere(IEnumerable<CodeInstruction> instructions, ILGenerator generator) => [new(OpCodes.Br, generator.DefineLabel()), .. instructions];
    static IEnumerable<CodeInstruction> NoOperand(IEnumerable<CodeInstruction> instructions) => [new(OpCodes.Call), .. instructions];
    static IEnumerable<CodeInstruction> Unended(IEnumerable<CodeInstruction> instructions) => [new CodeInstruction(OpCodes.Nop).WithBlocks(new ExceptionBlock(ExceptionBlockType.BeginExceptionBlock)), .. instructions];
    static IEnumerable<CodeInstruction> StructField(IEnumerable<CodeInstruction> instructions) => [new(OpCodes.Ldnull), CodeInstruction.LoadField(typeof(Money), nameof(Money.Amount)), new(OpCodes.Pop), .. instructions];
    static int NoTranspiler(IEnumerable<CodeInstruction> instructions) => instructions.Count();

    [TestMethod]
    [TestCategory("NotUnderWine")]
    [DataRow(nameof(Throwing), "the transpiler TranspilerPageTests.Throwing failed: InvalidOperationException: no True")]
    [DataRow(nameof(Nowhere), "a jump goes to a label that stands nowhere")]
    [DataRow(nameof(NoOperand), "instruction 0, call NULL: it has no operand")]
    [DataRow(nameof(Unended), "a try block is not ended")]
    [DataRow(nameof(NoTranspiler), "TranspilerPageTests.NoTranspiler must not return System.Int32: a transpiler returns IEnumerable<CodeInstruction>")]
    public void What_cannot_be_done_changes_nothing(string transpiler, string reason)
    {
        var message = Assert.ThrowsExactly<HarmonyException>(() => Guarded.Patch(Run, transpiler: new HarmonyMethod(typeof(TranspilerPageTests), transpiler))).Message;
        Assert.EndsWith(reason, message);
        Assert.AreEqual(5, new Machine().Run(2));
        Assert.IsEmpty(Harmony.GetAllPatchedMethods());
    }

    [TestMethod]
    public void A_field_of_a_struct_of_another_module_is_refused()
    {
        var target = typeof(System.Net.WebUtility).GetMethod(nameof(System.Net.WebUtility.UrlDecode), [typeof(string)])!;
        var message = Assert.ThrowsExactly<HarmonyException>(() => Guarded.Patch(target, transpiler: new HarmonyMethod(typeof(TranspilerPageTests), nameof(StructField)))).Message;
        Assert.Contains("is a field of a struct, which may lie on the stack as a value or as a reference", message);
    }

    [TestMethod]
    public void A_transpiler_of_one_instantiation_is_refused()
    {
        var target = Method(typeof(Box<string>), nameof(Box<>.Describe));
        Assert.Contains("is a transpiler of one instantiation", Assert.ThrowsExactly<HarmonyException>(() => Transpile(target, Same)).Message);
        Transpile(Method(typeof(Box<>), nameof(Box<>.Describe)), Same);
        Assert.AreEqual(("a b", "1 2"), (new Box<string>("a").Describe("b"), new Box<int>(1).Describe(2)));
    }

    [TestMethod]
    public void A_generator_emits_nothing() => Assert.ThrowsExactly<NotSupportedException>(() => PatchProcessor.CreateILGenerator().Emit(OpCodes.Nop));

    // reading

    [TestMethod]
    public void Instructions_as_they_were_compiled_and_as_they_are_now()
    {
        Transpile(Run, Tenfold);
        var original = PatchProcessor.GetOriginalInstructions(Run);
        var current = PatchProcessor.GetCurrentInstructions(Run);
        Assert.AreEqual(original.Count + 3, current.Count);
        Assert.HasCount(original.Count, PatchProcessor.GetCurrentInstructions(Run, maxTranspilers: 0));
        Assert.IsTrue(original.Exists(static instruction => instruction.LoadsField(AccessTools.Field(typeof(Machine), nameof(Machine.Power))!)));
        Assert.Contains(OpCodes.Mul, PatchProcessor.ReadMethodBody(Run).Select(static pair => pair.Key));
        PatchProcessor.GetOriginalInstructions(Method(typeof(Machine), nameof(Machine.Divide)), out var generator);
        Assert.IsNotNull(generator);
    }

    [TestMethod]
    public void Try_blocks_are_said_at_their_instructions()
    {
        var blocks = PatchProcessor.GetOriginalInstructions(Method(typeof(Machine), nameof(Machine.Divide))).SelectMany(static instruction => instruction.blocks).Select(static block => block.blockType).ToList();
        CollectionAssert.AreEqual(new[]
        {
            ExceptionBlockType.BeginExceptionBlock, ExceptionBlockType.BeginExceptionBlock, ExceptionBlockType.BeginExceptFilterBlock, ExceptionBlockType.BeginCatchBlock,
            ExceptionBlockType.BeginCatchBlock, ExceptionBlockType.EndExceptionBlock, ExceptionBlockType.BeginFinallyBlock, ExceptionBlockType.EndExceptionBlock,
        }, blocks, blocks.Join());
    }

    static IEnumerable<CodeInstruction> CallsNothing(IEnumerable<CodeInstruction> instructions) =>
        [new CodeInstruction(OpCodes.Ldc_I4, 7), new CodeInstruction(OpCodes.Pop), new CodeInstruction(OpCodes.Call, null), .. instructions];

    [TestMethod]
    public void What_cannot_be_written_is_told_with_its_instructions()
    {
        var failure = Assert.ThrowsExactly<HarmonyException>(() => Guarded.Patch(Method(typeof(Targets), nameof(Targets.Add)), transpiler: new HarmonyMethod(CallsNothing)));
        Assert.Contains("cannot be patched: IL Compile Error: instruction 2, call NULL", failure.Message);
        Assert.AreEqual(2, failure.GetErrorIndex());
        Assert.AreEqual(6, failure.GetErrorOffset());
        Assert.AreEqual(OpCodes.Call, failure.GetInstructions()[2].opcode);
        CollectionAssert.AreEqual(new[] { 0, 5, 6, 11 }, failure.GetInstructionsWithOffsets().Take(4).Select(static pair => pair.Key).ToArray());
        Assert.AreEqual(3, Targets.Add(1, 2));
    }

    [TestMethod]
    public void Other_failures_have_no_instructions()
    {
        var failure = Assert.ThrowsExactly<HarmonyException>(() => Guarded.Patch(typeof(Math).GetMethod(nameof(Math.Sqrt), [typeof(double)])!, transpiler: new HarmonyMethod(CallsNothing)));
        Assert.AreEqual((-1, -1, 0, 0), (failure.GetErrorIndex(), failure.GetErrorOffset(), failure.GetInstructions().Count, failure.GetInstructionsWithOffsets().Count));
    }
}
