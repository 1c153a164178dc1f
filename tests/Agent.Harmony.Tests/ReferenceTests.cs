using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HarmonyLib.Tests;

/// <summary>Arguments and results that are references, spans or pointers.</summary>
[TestClass]
public sealed class ReferenceTests : PatchingTest
{
    struct Wide
    {
        public long A, B;
        public string Text;
    }

    static readonly int[] Numbers = [1, 2, 3];
    static string _text = "text";
    static int _sum;

    static long In(in Wide wide, in int number) => wide.A + number;
    static void Ref(ref Wide wide, ref string text) => (wide.A, text) = (wide.A + 1, text + wide.Text);
    static bool Out(string key, out Wide wide, out object? other)
    {
        (wide, other) = (new Wide { A = key.Length, Text = key }, key);
        return true;
    }

    static ref int Number(int index) => ref Numbers[index];
    static ref readonly string Text() => ref _text;
    static ref T Same<T>(ref T value) => ref value;
    static ref int Throwing(bool fails) => ref fails ? ref Unsafe.NullRef<int>() : ref Fail();
    static ref int Fail() => throw new InvalidOperationException("failed");
    static Span<int> Slice(Span<int> numbers, int count) => numbers[..count];
    static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text) => text.Trim();
    static int Parse(ref Utf16 input) => input.Text.Length;
    static unsafe int* Next(int* number, void* nothing, int** twice) => nothing == null ? number + 1 : *twice;
    static unsafe int Apply(delegate*<int, int> function, int value) => function(value);
    static int Twice(int value) => 2 * value;
    static nint Address(nint start, nuint size) => start + (nint)size;
    static int Sum(params int[] numbers) => numbers.Sum();
    static int SumSpan(params ReadOnlySpan<int> numbers) => numbers.ToArray().Sum();

    ref struct Utf16
    {
        public ReadOnlySpan<char> Text;
    }

    static void SeeIn(in Wide wide, in int number) => Seen.Add((wide.A, number));
    static void SeeInByValue(Wide wide, int number) => Seen.Add((wide.A, number));
    static void SeeInBoxed(object wide, object number) => Seen.Add((((Wide)wide).A, number));

    [TestMethod]
    public void In_arguments_by_reference_by_value_and_boxed()
    {
        Patch(Method(typeof(ReferenceTests), nameof(In)), SeeIn, SeeInByValue, SeeInBoxed);
        Assert.AreEqual(12L, In(new Wide { A = 10 }, 2));
        AssertSeen((10L, 2), (10L, 2), (10L, (object)2));
    }

    static void BeforeRef(ref Wide wide, ref string text) => (wide.Text, text) = ("suffix", "prefix ");
    static void AfterRef(Wide wide, string text) => Seen.Add($"{wide.A} {text}");
    static void AtEndRef(ref object text) => Seen.Add(text);

    [TestMethod]
    public void Ref_arguments_are_read_and_changed()
    {
        Patch(Method(typeof(ReferenceTests), nameof(Ref)), BeforeRef, AfterRef, AtEndRef);
        var (wide, text) = (new Wide { A = 1 }, "original");
        Ref(ref wide, ref text);
        Assert.AreEqual((2L, "suffix", "prefix suffix"), (wide.A, wide.Text, text));
        AssertSeen("2 prefix suffix", "prefix suffix");
    }

    static void AfterOut(ref Wide wide, ref object other, bool __result)
    {
        Seen.Add((wide.A, other, __result));
        (wide.B, other) = (7, "changed");
    }

    static bool InsteadOfOut(out Wide wide, out object other)
    {
        (wide, other) = (new Wide { A = -1 }, "skipped");
        return false;
    }

    [TestMethod]
    public void Out_arguments_are_changed_afterwards()
    {
        Patch(Method(typeof(ReferenceTests), nameof(Out)), postfix: AfterOut);
        Assert.IsTrue(Out("key", out var wide, out var other));
        Assert.AreEqual((3L, 7L, "changed"), (wide.A, wide.B, other));
        AssertSeen((3L, (object)"key", true));
    }

    [TestMethod]
    public void Out_arguments_are_set_by_a_prefix_that_skips()
    {
        Patch(Method(typeof(ReferenceTests), nameof(Out)), prefix: InsteadOfOut);
        Assert.IsFalse(Out("key", out var wide, out var other));
        Assert.AreEqual((-1L, "skipped"), (wide.A, other));
    }

    static void Count() => Seen.Add("call");

    [TestMethod]
    public void A_reference_result_still_refers_to_the_same_place()
    {
        Patch(Method(typeof(ReferenceTests), nameof(Number)), Count, Count, Count);
        Patch(Method(typeof(ReferenceTests), nameof(Text)), Count, Count, Count);
        Patch(Method(typeof(ReferenceTests), nameof(Same)), Count, Count, Count);
        Assert.IsTrue(Unsafe.AreSame(ref Numbers[1], ref Number(1)));
        Assert.IsTrue(Unsafe.AreSame(in _text, in Text()));
        var (text, day) = ("a", DayOfWeek.Friday);
        Assert.IsTrue(Unsafe.AreSame(ref text, ref Same(ref text)));
        Assert.IsTrue(Unsafe.AreSame(ref day, ref Same(ref day)));
        Assert.HasCount(12, Seen);
    }

    [TestMethod]
    public void A_null_reference_stays_one_and_an_exception_passes()
    {
        Patch(Method(typeof(ReferenceTests), nameof(Throwing)), Count, Count, Count);
        Assert.IsTrue(Unsafe.IsNullRef(ref Throwing(true)));
        Assert.AreEqual("failed", Assert.ThrowsExactly<InvalidOperationException>(() => Throwing(false)).Message);
    }

    static bool Skip() => false;
    static Exception? Swallow() => null;

    [TestMethod]
    public void A_reference_result_that_nobody_sets_refers_to_a_default_value()
    {
        Patch(Method(typeof(ReferenceTests), nameof(Number)), prefix: Skip);
        Patch(Method(typeof(ReferenceTests), nameof(Text)), prefix: Skip);
        Patch(Method(typeof(ReferenceTests), nameof(Throwing)), finalizer: Swallow);
        Assert.AreEqual(0, Number(1));
        Number(1) = 5;
        Assert.AreEqual(2, Numbers[1]);
        Assert.IsNull(Text());
        Assert.AreEqual(0, Throwing(false));
    }

    static void SeeResultOfReference(int __result) => Seen.Add(__result);
    static void ReferToOther(ref RefResult<int> __resultRef) => __resultRef = () => ref Numbers[2];
    static void ReferToText(ref RefResult<string> __resultRef) => __resultRef = () => ref _text;

    [TestMethod]
    public void A_reference_result_is_replaced_by_resultRef()
    {
        Patch(Method(typeof(ReferenceTests), nameof(Number)), postfix: ReferToOther);
        Assert.IsTrue(Unsafe.AreSame(ref Numbers[2], ref Number(0)));
        Patch(Method(typeof(ReferenceTests), nameof(Text)), prefix: Skip, postfix: ReferToText);
        Assert.IsTrue(Unsafe.AreSame(in _text, in Text()));
    }

    [TestMethod]
    public void A_result_that_is_a_reference_is_seen_and_changed_where_it_refers_to()
    {
        Patch(Method(typeof(ReferenceTests), nameof(Number)), postfix: SeeResultOfReference);
        Patch(Method(typeof(ReferenceTests), nameof(Number)), postfix: ChangeResultOfReference);
        Numbers[0] = 1;
        Assert.IsTrue(Unsafe.AreSame(ref Numbers[0], ref Number(0)));
        Assert.AreEqual(99, Numbers[0]);
        Numbers[0] = 1;
    }

    static void ChangeResultOfReference(ref int __result) => __result = 99;

    [TestMethod]
    public void A_reference_result_of_another_type_is_refused()
    {
        Assert.EndsWith("it must be a reference to HarmonyLib.RefResult`1[System.Int32]", Refusal(Method(typeof(ReferenceTests), nameof(Number)), postfix: ReferToText));
        Assert.EndsWith("the method does not return a reference to a known type", Refusal(Method(typeof(ReferenceTests), nameof(Twice)), postfix: ReferToOther));
    }

    static void SumNumbers(Span<int> numbers, int count) => _sum = numbers.ToArray().Sum() + count;
    static void Shorter(ref Span<int> numbers) => numbers = numbers[1..];
    static void FirstOnly(ref Span<int> __result) => __result = __result[..1];
    static void SeeLetters(ReadOnlySpan<char> text, ReadOnlySpan<char> __result) => Seen.Add($"{text}→{__result}");
    static void SpanAsObject(object numbers) => Seen.Add(numbers);

    [TestMethod]
    public void Spans_as_arguments_and_results()
    {
        Patch(Method(typeof(ReferenceTests), nameof(Slice)), SumNumbers, FirstOnly);
        Patch(Method(typeof(ReferenceTests), nameof(Slice)), Shorter);
        Patch(Method(typeof(ReferenceTests), nameof(Trim)), postfix: SeeLetters);
        CollectionAssert.AreEqual(new[] { 2 }, Slice([1, 2, 3], 2).ToArray());
        Assert.AreEqual(8, _sum);
        Assert.AreEqual("text", Trim(" text ").ToString());
        AssertSeen(" text →text");
        Assert.Contains("(System.Object numbers), but it is a System.Span", Refusal(Method(typeof(ReferenceTests), nameof(Slice)), prefix: SpanAsObject));
    }

    static void Cut(ref Utf16 input) => input.Text = input.Text[1..];

    [TestMethod]
    public void A_ref_struct_by_reference()
    {
        Patch(Method(typeof(ReferenceTests), nameof(Parse)), prefix: Cut);
        var input = new Utf16 { Text = "four" };
        Assert.AreEqual(3, Parse(ref input));
    }

    static unsafe void SeePointer(int* number, int** twice) => Seen.Add(*number + **twice);
    static unsafe void Back(ref int* __result) => __result--;
    static unsafe void SeeFunction(delegate*<int, int> function, ref int value) => value = function(value);
    static void SeeAddress(nint start, nuint size) => Seen.Add((start, size));
    static unsafe bool SkipPointer(int* number, ref int* __result)
    {
        __result = number + 2;
        return false;
    }

    [TestMethod]
    public unsafe void Pointers_and_function_pointers()
    {
        Patch(Method(typeof(ReferenceTests), nameof(Next)), SeePointer, Back);
        Patch(Method(typeof(ReferenceTests), nameof(Apply)), SeeFunction);
        Patch(Method(typeof(ReferenceTests), nameof(Address)), SeeAddress);
        var numbers = stackalloc int[] { 5, 6, 7 };
        var second = numbers + 1;
        Assert.IsTrue(Next(numbers, null, &second) == numbers);
        Assert.AreEqual(12, Apply(&Twice, 3));
        Assert.AreEqual(7, Address(3, 4));
        AssertSeen(11, ((nint)3, (nuint)4));
        Patch(Method(typeof(ReferenceTests), nameof(Next)), SkipPointer);
        Assert.IsTrue(Next(numbers, null, &second) == numbers + 1);
    }

    static unsafe void AllArguments(object[] __args) => Seen.AddRange(__args);

    [TestMethod]
    public void All_arguments_are_refused_if_one_cannot_be_an_object()
    {
        Assert.EndsWith("numbers is a System.Span`1[System.Int32], which cannot be an object", Refusal(Method(typeof(ReferenceTests), nameof(Slice)), prefix: AllArguments));
        Assert.EndsWith("number is a System.Int32*, which cannot be an object", Refusal(Method(typeof(ReferenceTests), nameof(Next)), prefix: AllArguments));
    }

    static void ChangeNumbers(ref int[] numbers) => numbers = [.. numbers, 100];

    [TestMethod]
    public void Variable_numbers_of_arguments()
    {
        Patch(Method(typeof(ReferenceTests), nameof(Sum)), prefix: ChangeNumbers);
        Patch(Method(typeof(ReferenceTests), nameof(SumSpan)), prefix: SeeSpan);
        Assert.AreEqual(106, Sum(1, 2, 3));
        Assert.AreEqual(6, SumSpan(1, 2, 3));
        AssertSeen(3);
    }

    static void SeeSpan(ReadOnlySpan<int> numbers) => Seen.Add(numbers.Length);

    static void WriteIn(object[] __args) => __args[1] = 100;

    [TestMethod]
    public void What_an_in_argument_refers_to_is_not_written()
    {
        Patch(Method(typeof(ReferenceTests), nameof(In)), prefix: WriteIn);
        var number = 2;
        Assert.AreEqual(12L, In(new Wide { A = 10 }, in number));
        Assert.AreEqual(2, number);
    }

    [TestMethod]
    [TestCategory("NotUnderWine")]
    public void A_reference_into_an_array_survives_a_collection_during_the_patch()
    {
        static void Collect() => GC.Collect();
        Patch(Method(typeof(ReferenceTests), nameof(Same)), Collect, Collect, Collect);
        ref var element = ref Same(ref new[] { 1L, 2L, 3L }[1]);
        GC.Collect();
        Assert.AreEqual(2L, element);
        Assert.AreEqual(3L, MemoryMarshal.CreateSpan(ref element, 2)[1]);
    }
}
