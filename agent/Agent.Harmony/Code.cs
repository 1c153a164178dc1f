using System.Reflection.Emit;

namespace HarmonyLib;

/// <summary>
/// Matches by the names of opcodes: `Code.Ldarg_0`, `Code.Call[method]`, `Code.Ldstr["text", "name"]` (harmony.pardeike.net, «Code»). Each has a type of its own, because
/// a plugin that was compiled for HarmonyLib asks for that.
/// </summary>
public static class Code
{
    /// <summary>Any instruction, with an operand.</summary>
    public static Operand_ Operand => new();

    /// <inheritdoc cref="Operand"/>
    public class Operand_ : CodeMatch
    {
        /// <summary>With that operand, under that name.</summary>
        public Operand_ this[object? operand = null, string? name = null] => (Operand_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Nop"/>
    public static Nop_ Nop => new(OpCodes.Nop);

    /// <inheritdoc cref="Nop"/>
    public class Nop_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Nop_ this[object? operand = null, string? name = null] => (Nop_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Break"/>
    public static Break_ Break => new(OpCodes.Break);

    /// <inheritdoc cref="Break"/>
    public class Break_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Break_ this[object? operand = null, string? name = null] => (Break_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldarg_0"/>
    public static Ldarg_0_ Ldarg_0 => new(OpCodes.Ldarg_0);

    /// <inheritdoc cref="Ldarg_0"/>
    public class Ldarg_0_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldarg_0_ this[object? operand = null, string? name = null] => (Ldarg_0_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldarg_1"/>
    public static Ldarg_1_ Ldarg_1 => new(OpCodes.Ldarg_1);

    /// <inheritdoc cref="Ldarg_1"/>
    public class Ldarg_1_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldarg_1_ this[object? operand = null, string? name = null] => (Ldarg_1_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldarg_2"/>
    public static Ldarg_2_ Ldarg_2 => new(OpCodes.Ldarg_2);

    /// <inheritdoc cref="Ldarg_2"/>
    public class Ldarg_2_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldarg_2_ this[object? operand = null, string? name = null] => (Ldarg_2_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldarg_3"/>
    public static Ldarg_3_ Ldarg_3 => new(OpCodes.Ldarg_3);

    /// <inheritdoc cref="Ldarg_3"/>
    public class Ldarg_3_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldarg_3_ this[object? operand = null, string? name = null] => (Ldarg_3_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldloc_0"/>
    public static Ldloc_0_ Ldloc_0 => new(OpCodes.Ldloc_0);

    /// <inheritdoc cref="Ldloc_0"/>
    public class Ldloc_0_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldloc_0_ this[object? operand = null, string? name = null] => (Ldloc_0_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldloc_1"/>
    public static Ldloc_1_ Ldloc_1 => new(OpCodes.Ldloc_1);

    /// <inheritdoc cref="Ldloc_1"/>
    public class Ldloc_1_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldloc_1_ this[object? operand = null, string? name = null] => (Ldloc_1_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldloc_2"/>
    public static Ldloc_2_ Ldloc_2 => new(OpCodes.Ldloc_2);

    /// <inheritdoc cref="Ldloc_2"/>
    public class Ldloc_2_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldloc_2_ this[object? operand = null, string? name = null] => (Ldloc_2_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldloc_3"/>
    public static Ldloc_3_ Ldloc_3 => new(OpCodes.Ldloc_3);

    /// <inheritdoc cref="Ldloc_3"/>
    public class Ldloc_3_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldloc_3_ this[object? operand = null, string? name = null] => (Ldloc_3_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stloc_0"/>
    public static Stloc_0_ Stloc_0 => new(OpCodes.Stloc_0);

    /// <inheritdoc cref="Stloc_0"/>
    public class Stloc_0_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stloc_0_ this[object? operand = null, string? name = null] => (Stloc_0_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stloc_1"/>
    public static Stloc_1_ Stloc_1 => new(OpCodes.Stloc_1);

    /// <inheritdoc cref="Stloc_1"/>
    public class Stloc_1_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stloc_1_ this[object? operand = null, string? name = null] => (Stloc_1_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stloc_2"/>
    public static Stloc_2_ Stloc_2 => new(OpCodes.Stloc_2);

    /// <inheritdoc cref="Stloc_2"/>
    public class Stloc_2_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stloc_2_ this[object? operand = null, string? name = null] => (Stloc_2_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stloc_3"/>
    public static Stloc_3_ Stloc_3 => new(OpCodes.Stloc_3);

    /// <inheritdoc cref="Stloc_3"/>
    public class Stloc_3_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stloc_3_ this[object? operand = null, string? name = null] => (Stloc_3_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldarg_S"/>
    public static Ldarg_S_ Ldarg_S => new(OpCodes.Ldarg_S);

    /// <inheritdoc cref="Ldarg_S"/>
    public class Ldarg_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldarg_S_ this[object? operand = null, string? name = null] => (Ldarg_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldarga_S"/>
    public static Ldarga_S_ Ldarga_S => new(OpCodes.Ldarga_S);

    /// <inheritdoc cref="Ldarga_S"/>
    public class Ldarga_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldarga_S_ this[object? operand = null, string? name = null] => (Ldarga_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Starg_S"/>
    public static Starg_S_ Starg_S => new(OpCodes.Starg_S);

    /// <inheritdoc cref="Starg_S"/>
    public class Starg_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Starg_S_ this[object? operand = null, string? name = null] => (Starg_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldloc_S"/>
    public static Ldloc_S_ Ldloc_S => new(OpCodes.Ldloc_S);

    /// <inheritdoc cref="Ldloc_S"/>
    public class Ldloc_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldloc_S_ this[object? operand = null, string? name = null] => (Ldloc_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldloca_S"/>
    public static Ldloca_S_ Ldloca_S => new(OpCodes.Ldloca_S);

    /// <inheritdoc cref="Ldloca_S"/>
    public class Ldloca_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldloca_S_ this[object? operand = null, string? name = null] => (Ldloca_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stloc_S"/>
    public static Stloc_S_ Stloc_S => new(OpCodes.Stloc_S);

    /// <inheritdoc cref="Stloc_S"/>
    public class Stloc_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stloc_S_ this[object? operand = null, string? name = null] => (Stloc_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldnull"/>
    public static Ldnull_ Ldnull => new(OpCodes.Ldnull);

    /// <inheritdoc cref="Ldnull"/>
    public class Ldnull_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldnull_ this[object? operand = null, string? name = null] => (Ldnull_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldc_I4_M1"/>
    public static Ldc_I4_M1_ Ldc_I4_M1 => new(OpCodes.Ldc_I4_M1);

    /// <inheritdoc cref="Ldc_I4_M1"/>
    public class Ldc_I4_M1_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldc_I4_M1_ this[object? operand = null, string? name = null] => (Ldc_I4_M1_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldc_I4_0"/>
    public static Ldc_I4_0_ Ldc_I4_0 => new(OpCodes.Ldc_I4_0);

    /// <inheritdoc cref="Ldc_I4_0"/>
    public class Ldc_I4_0_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldc_I4_0_ this[object? operand = null, string? name = null] => (Ldc_I4_0_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldc_I4_1"/>
    public static Ldc_I4_1_ Ldc_I4_1 => new(OpCodes.Ldc_I4_1);

    /// <inheritdoc cref="Ldc_I4_1"/>
    public class Ldc_I4_1_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldc_I4_1_ this[object? operand = null, string? name = null] => (Ldc_I4_1_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldc_I4_2"/>
    public static Ldc_I4_2_ Ldc_I4_2 => new(OpCodes.Ldc_I4_2);

    /// <inheritdoc cref="Ldc_I4_2"/>
    public class Ldc_I4_2_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldc_I4_2_ this[object? operand = null, string? name = null] => (Ldc_I4_2_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldc_I4_3"/>
    public static Ldc_I4_3_ Ldc_I4_3 => new(OpCodes.Ldc_I4_3);

    /// <inheritdoc cref="Ldc_I4_3"/>
    public class Ldc_I4_3_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldc_I4_3_ this[object? operand = null, string? name = null] => (Ldc_I4_3_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldc_I4_4"/>
    public static Ldc_I4_4_ Ldc_I4_4 => new(OpCodes.Ldc_I4_4);

    /// <inheritdoc cref="Ldc_I4_4"/>
    public class Ldc_I4_4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldc_I4_4_ this[object? operand = null, string? name = null] => (Ldc_I4_4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldc_I4_5"/>
    public static Ldc_I4_5_ Ldc_I4_5 => new(OpCodes.Ldc_I4_5);

    /// <inheritdoc cref="Ldc_I4_5"/>
    public class Ldc_I4_5_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldc_I4_5_ this[object? operand = null, string? name = null] => (Ldc_I4_5_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldc_I4_6"/>
    public static Ldc_I4_6_ Ldc_I4_6 => new(OpCodes.Ldc_I4_6);

    /// <inheritdoc cref="Ldc_I4_6"/>
    public class Ldc_I4_6_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldc_I4_6_ this[object? operand = null, string? name = null] => (Ldc_I4_6_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldc_I4_7"/>
    public static Ldc_I4_7_ Ldc_I4_7 => new(OpCodes.Ldc_I4_7);

    /// <inheritdoc cref="Ldc_I4_7"/>
    public class Ldc_I4_7_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldc_I4_7_ this[object? operand = null, string? name = null] => (Ldc_I4_7_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldc_I4_8"/>
    public static Ldc_I4_8_ Ldc_I4_8 => new(OpCodes.Ldc_I4_8);

    /// <inheritdoc cref="Ldc_I4_8"/>
    public class Ldc_I4_8_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldc_I4_8_ this[object? operand = null, string? name = null] => (Ldc_I4_8_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldc_I4_S"/>
    public static Ldc_I4_S_ Ldc_I4_S => new(OpCodes.Ldc_I4_S);

    /// <inheritdoc cref="Ldc_I4_S"/>
    public class Ldc_I4_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldc_I4_S_ this[object? operand = null, string? name = null] => (Ldc_I4_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldc_I4"/>
    public static Ldc_I4_ Ldc_I4 => new(OpCodes.Ldc_I4);

    /// <inheritdoc cref="Ldc_I4"/>
    public class Ldc_I4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldc_I4_ this[object? operand = null, string? name = null] => (Ldc_I4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldc_I8"/>
    public static Ldc_I8_ Ldc_I8 => new(OpCodes.Ldc_I8);

    /// <inheritdoc cref="Ldc_I8"/>
    public class Ldc_I8_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldc_I8_ this[object? operand = null, string? name = null] => (Ldc_I8_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldc_R4"/>
    public static Ldc_R4_ Ldc_R4 => new(OpCodes.Ldc_R4);

    /// <inheritdoc cref="Ldc_R4"/>
    public class Ldc_R4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldc_R4_ this[object? operand = null, string? name = null] => (Ldc_R4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldc_R8"/>
    public static Ldc_R8_ Ldc_R8 => new(OpCodes.Ldc_R8);

    /// <inheritdoc cref="Ldc_R8"/>
    public class Ldc_R8_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldc_R8_ this[object? operand = null, string? name = null] => (Ldc_R8_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Dup"/>
    public static Dup_ Dup => new(OpCodes.Dup);

    /// <inheritdoc cref="Dup"/>
    public class Dup_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Dup_ this[object? operand = null, string? name = null] => (Dup_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Pop"/>
    public static Pop_ Pop => new(OpCodes.Pop);

    /// <inheritdoc cref="Pop"/>
    public class Pop_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Pop_ this[object? operand = null, string? name = null] => (Pop_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Jmp"/>
    public static Jmp_ Jmp => new(OpCodes.Jmp);

    /// <inheritdoc cref="Jmp"/>
    public class Jmp_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Jmp_ this[object? operand = null, string? name = null] => (Jmp_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Call"/>
    public static Call_ Call => new(OpCodes.Call);

    /// <inheritdoc cref="Call"/>
    public class Call_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Call_ this[object? operand = null, string? name = null] => (Call_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Calli"/>
    public static Calli_ Calli => new(OpCodes.Calli);

    /// <inheritdoc cref="Calli"/>
    public class Calli_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Calli_ this[object? operand = null, string? name = null] => (Calli_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ret"/>
    public static Ret_ Ret => new(OpCodes.Ret);

    /// <inheritdoc cref="Ret"/>
    public class Ret_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ret_ this[object? operand = null, string? name = null] => (Ret_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Br_S"/>
    public static Br_S_ Br_S => new(OpCodes.Br_S);

    /// <inheritdoc cref="Br_S"/>
    public class Br_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Br_S_ this[object? operand = null, string? name = null] => (Br_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Brfalse_S"/>
    public static Brfalse_S_ Brfalse_S => new(OpCodes.Brfalse_S);

    /// <inheritdoc cref="Brfalse_S"/>
    public class Brfalse_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Brfalse_S_ this[object? operand = null, string? name = null] => (Brfalse_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Brtrue_S"/>
    public static Brtrue_S_ Brtrue_S => new(OpCodes.Brtrue_S);

    /// <inheritdoc cref="Brtrue_S"/>
    public class Brtrue_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Brtrue_S_ this[object? operand = null, string? name = null] => (Brtrue_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Beq_S"/>
    public static Beq_S_ Beq_S => new(OpCodes.Beq_S);

    /// <inheritdoc cref="Beq_S"/>
    public class Beq_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Beq_S_ this[object? operand = null, string? name = null] => (Beq_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Bge_S"/>
    public static Bge_S_ Bge_S => new(OpCodes.Bge_S);

    /// <inheritdoc cref="Bge_S"/>
    public class Bge_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Bge_S_ this[object? operand = null, string? name = null] => (Bge_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Bgt_S"/>
    public static Bgt_S_ Bgt_S => new(OpCodes.Bgt_S);

    /// <inheritdoc cref="Bgt_S"/>
    public class Bgt_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Bgt_S_ this[object? operand = null, string? name = null] => (Bgt_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ble_S"/>
    public static Ble_S_ Ble_S => new(OpCodes.Ble_S);

    /// <inheritdoc cref="Ble_S"/>
    public class Ble_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ble_S_ this[object? operand = null, string? name = null] => (Ble_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Blt_S"/>
    public static Blt_S_ Blt_S => new(OpCodes.Blt_S);

    /// <inheritdoc cref="Blt_S"/>
    public class Blt_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Blt_S_ this[object? operand = null, string? name = null] => (Blt_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Bne_Un_S"/>
    public static Bne_Un_S_ Bne_Un_S => new(OpCodes.Bne_Un_S);

    /// <inheritdoc cref="Bne_Un_S"/>
    public class Bne_Un_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Bne_Un_S_ this[object? operand = null, string? name = null] => (Bne_Un_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Bge_Un_S"/>
    public static Bge_Un_S_ Bge_Un_S => new(OpCodes.Bge_Un_S);

    /// <inheritdoc cref="Bge_Un_S"/>
    public class Bge_Un_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Bge_Un_S_ this[object? operand = null, string? name = null] => (Bge_Un_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Bgt_Un_S"/>
    public static Bgt_Un_S_ Bgt_Un_S => new(OpCodes.Bgt_Un_S);

    /// <inheritdoc cref="Bgt_Un_S"/>
    public class Bgt_Un_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Bgt_Un_S_ this[object? operand = null, string? name = null] => (Bgt_Un_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ble_Un_S"/>
    public static Ble_Un_S_ Ble_Un_S => new(OpCodes.Ble_Un_S);

    /// <inheritdoc cref="Ble_Un_S"/>
    public class Ble_Un_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ble_Un_S_ this[object? operand = null, string? name = null] => (Ble_Un_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Blt_Un_S"/>
    public static Blt_Un_S_ Blt_Un_S => new(OpCodes.Blt_Un_S);

    /// <inheritdoc cref="Blt_Un_S"/>
    public class Blt_Un_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Blt_Un_S_ this[object? operand = null, string? name = null] => (Blt_Un_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Br"/>
    public static Br_ Br => new(OpCodes.Br);

    /// <inheritdoc cref="Br"/>
    public class Br_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Br_ this[object? operand = null, string? name = null] => (Br_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Brfalse"/>
    public static Brfalse_ Brfalse => new(OpCodes.Brfalse);

    /// <inheritdoc cref="Brfalse"/>
    public class Brfalse_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Brfalse_ this[object? operand = null, string? name = null] => (Brfalse_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Brtrue"/>
    public static Brtrue_ Brtrue => new(OpCodes.Brtrue);

    /// <inheritdoc cref="Brtrue"/>
    public class Brtrue_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Brtrue_ this[object? operand = null, string? name = null] => (Brtrue_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Beq"/>
    public static Beq_ Beq => new(OpCodes.Beq);

    /// <inheritdoc cref="Beq"/>
    public class Beq_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Beq_ this[object? operand = null, string? name = null] => (Beq_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Bge"/>
    public static Bge_ Bge => new(OpCodes.Bge);

    /// <inheritdoc cref="Bge"/>
    public class Bge_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Bge_ this[object? operand = null, string? name = null] => (Bge_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Bgt"/>
    public static Bgt_ Bgt => new(OpCodes.Bgt);

    /// <inheritdoc cref="Bgt"/>
    public class Bgt_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Bgt_ this[object? operand = null, string? name = null] => (Bgt_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ble"/>
    public static Ble_ Ble => new(OpCodes.Ble);

    /// <inheritdoc cref="Ble"/>
    public class Ble_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ble_ this[object? operand = null, string? name = null] => (Ble_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Blt"/>
    public static Blt_ Blt => new(OpCodes.Blt);

    /// <inheritdoc cref="Blt"/>
    public class Blt_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Blt_ this[object? operand = null, string? name = null] => (Blt_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Bne_Un"/>
    public static Bne_Un_ Bne_Un => new(OpCodes.Bne_Un);

    /// <inheritdoc cref="Bne_Un"/>
    public class Bne_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Bne_Un_ this[object? operand = null, string? name = null] => (Bne_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Bge_Un"/>
    public static Bge_Un_ Bge_Un => new(OpCodes.Bge_Un);

    /// <inheritdoc cref="Bge_Un"/>
    public class Bge_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Bge_Un_ this[object? operand = null, string? name = null] => (Bge_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Bgt_Un"/>
    public static Bgt_Un_ Bgt_Un => new(OpCodes.Bgt_Un);

    /// <inheritdoc cref="Bgt_Un"/>
    public class Bgt_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Bgt_Un_ this[object? operand = null, string? name = null] => (Bgt_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ble_Un"/>
    public static Ble_Un_ Ble_Un => new(OpCodes.Ble_Un);

    /// <inheritdoc cref="Ble_Un"/>
    public class Ble_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ble_Un_ this[object? operand = null, string? name = null] => (Ble_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Blt_Un"/>
    public static Blt_Un_ Blt_Un => new(OpCodes.Blt_Un);

    /// <inheritdoc cref="Blt_Un"/>
    public class Blt_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Blt_Un_ this[object? operand = null, string? name = null] => (Blt_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Switch"/>
    public static Switch_ Switch => new(OpCodes.Switch);

    /// <inheritdoc cref="Switch"/>
    public class Switch_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Switch_ this[object? operand = null, string? name = null] => (Switch_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldind_I1"/>
    public static Ldind_I1_ Ldind_I1 => new(OpCodes.Ldind_I1);

    /// <inheritdoc cref="Ldind_I1"/>
    public class Ldind_I1_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldind_I1_ this[object? operand = null, string? name = null] => (Ldind_I1_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldind_U1"/>
    public static Ldind_U1_ Ldind_U1 => new(OpCodes.Ldind_U1);

    /// <inheritdoc cref="Ldind_U1"/>
    public class Ldind_U1_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldind_U1_ this[object? operand = null, string? name = null] => (Ldind_U1_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldind_I2"/>
    public static Ldind_I2_ Ldind_I2 => new(OpCodes.Ldind_I2);

    /// <inheritdoc cref="Ldind_I2"/>
    public class Ldind_I2_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldind_I2_ this[object? operand = null, string? name = null] => (Ldind_I2_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldind_U2"/>
    public static Ldind_U2_ Ldind_U2 => new(OpCodes.Ldind_U2);

    /// <inheritdoc cref="Ldind_U2"/>
    public class Ldind_U2_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldind_U2_ this[object? operand = null, string? name = null] => (Ldind_U2_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldind_I4"/>
    public static Ldind_I4_ Ldind_I4 => new(OpCodes.Ldind_I4);

    /// <inheritdoc cref="Ldind_I4"/>
    public class Ldind_I4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldind_I4_ this[object? operand = null, string? name = null] => (Ldind_I4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldind_U4"/>
    public static Ldind_U4_ Ldind_U4 => new(OpCodes.Ldind_U4);

    /// <inheritdoc cref="Ldind_U4"/>
    public class Ldind_U4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldind_U4_ this[object? operand = null, string? name = null] => (Ldind_U4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldind_I8"/>
    public static Ldind_I8_ Ldind_I8 => new(OpCodes.Ldind_I8);

    /// <inheritdoc cref="Ldind_I8"/>
    public class Ldind_I8_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldind_I8_ this[object? operand = null, string? name = null] => (Ldind_I8_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldind_I"/>
    public static Ldind_I_ Ldind_I => new(OpCodes.Ldind_I);

    /// <inheritdoc cref="Ldind_I"/>
    public class Ldind_I_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldind_I_ this[object? operand = null, string? name = null] => (Ldind_I_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldind_R4"/>
    public static Ldind_R4_ Ldind_R4 => new(OpCodes.Ldind_R4);

    /// <inheritdoc cref="Ldind_R4"/>
    public class Ldind_R4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldind_R4_ this[object? operand = null, string? name = null] => (Ldind_R4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldind_R8"/>
    public static Ldind_R8_ Ldind_R8 => new(OpCodes.Ldind_R8);

    /// <inheritdoc cref="Ldind_R8"/>
    public class Ldind_R8_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldind_R8_ this[object? operand = null, string? name = null] => (Ldind_R8_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldind_Ref"/>
    public static Ldind_Ref_ Ldind_Ref => new(OpCodes.Ldind_Ref);

    /// <inheritdoc cref="Ldind_Ref"/>
    public class Ldind_Ref_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldind_Ref_ this[object? operand = null, string? name = null] => (Ldind_Ref_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stind_Ref"/>
    public static Stind_Ref_ Stind_Ref => new(OpCodes.Stind_Ref);

    /// <inheritdoc cref="Stind_Ref"/>
    public class Stind_Ref_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stind_Ref_ this[object? operand = null, string? name = null] => (Stind_Ref_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stind_I1"/>
    public static Stind_I1_ Stind_I1 => new(OpCodes.Stind_I1);

    /// <inheritdoc cref="Stind_I1"/>
    public class Stind_I1_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stind_I1_ this[object? operand = null, string? name = null] => (Stind_I1_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stind_I2"/>
    public static Stind_I2_ Stind_I2 => new(OpCodes.Stind_I2);

    /// <inheritdoc cref="Stind_I2"/>
    public class Stind_I2_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stind_I2_ this[object? operand = null, string? name = null] => (Stind_I2_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stind_I4"/>
    public static Stind_I4_ Stind_I4 => new(OpCodes.Stind_I4);

    /// <inheritdoc cref="Stind_I4"/>
    public class Stind_I4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stind_I4_ this[object? operand = null, string? name = null] => (Stind_I4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stind_I8"/>
    public static Stind_I8_ Stind_I8 => new(OpCodes.Stind_I8);

    /// <inheritdoc cref="Stind_I8"/>
    public class Stind_I8_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stind_I8_ this[object? operand = null, string? name = null] => (Stind_I8_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stind_R4"/>
    public static Stind_R4_ Stind_R4 => new(OpCodes.Stind_R4);

    /// <inheritdoc cref="Stind_R4"/>
    public class Stind_R4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stind_R4_ this[object? operand = null, string? name = null] => (Stind_R4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stind_R8"/>
    public static Stind_R8_ Stind_R8 => new(OpCodes.Stind_R8);

    /// <inheritdoc cref="Stind_R8"/>
    public class Stind_R8_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stind_R8_ this[object? operand = null, string? name = null] => (Stind_R8_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Add"/>
    public static Add_ Add => new(OpCodes.Add);

    /// <inheritdoc cref="Add"/>
    public class Add_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Add_ this[object? operand = null, string? name = null] => (Add_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Sub"/>
    public static Sub_ Sub => new(OpCodes.Sub);

    /// <inheritdoc cref="Sub"/>
    public class Sub_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Sub_ this[object? operand = null, string? name = null] => (Sub_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Mul"/>
    public static Mul_ Mul => new(OpCodes.Mul);

    /// <inheritdoc cref="Mul"/>
    public class Mul_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Mul_ this[object? operand = null, string? name = null] => (Mul_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Div"/>
    public static Div_ Div => new(OpCodes.Div);

    /// <inheritdoc cref="Div"/>
    public class Div_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Div_ this[object? operand = null, string? name = null] => (Div_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Div_Un"/>
    public static Div_Un_ Div_Un => new(OpCodes.Div_Un);

    /// <inheritdoc cref="Div_Un"/>
    public class Div_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Div_Un_ this[object? operand = null, string? name = null] => (Div_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Rem"/>
    public static Rem_ Rem => new(OpCodes.Rem);

    /// <inheritdoc cref="Rem"/>
    public class Rem_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Rem_ this[object? operand = null, string? name = null] => (Rem_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Rem_Un"/>
    public static Rem_Un_ Rem_Un => new(OpCodes.Rem_Un);

    /// <inheritdoc cref="Rem_Un"/>
    public class Rem_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Rem_Un_ this[object? operand = null, string? name = null] => (Rem_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.And"/>
    public static And_ And => new(OpCodes.And);

    /// <inheritdoc cref="And"/>
    public class And_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public And_ this[object? operand = null, string? name = null] => (And_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Or"/>
    public static Or_ Or => new(OpCodes.Or);

    /// <inheritdoc cref="Or"/>
    public class Or_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Or_ this[object? operand = null, string? name = null] => (Or_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Xor"/>
    public static Xor_ Xor => new(OpCodes.Xor);

    /// <inheritdoc cref="Xor"/>
    public class Xor_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Xor_ this[object? operand = null, string? name = null] => (Xor_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Shl"/>
    public static Shl_ Shl => new(OpCodes.Shl);

    /// <inheritdoc cref="Shl"/>
    public class Shl_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Shl_ this[object? operand = null, string? name = null] => (Shl_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Shr"/>
    public static Shr_ Shr => new(OpCodes.Shr);

    /// <inheritdoc cref="Shr"/>
    public class Shr_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Shr_ this[object? operand = null, string? name = null] => (Shr_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Shr_Un"/>
    public static Shr_Un_ Shr_Un => new(OpCodes.Shr_Un);

    /// <inheritdoc cref="Shr_Un"/>
    public class Shr_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Shr_Un_ this[object? operand = null, string? name = null] => (Shr_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Neg"/>
    public static Neg_ Neg => new(OpCodes.Neg);

    /// <inheritdoc cref="Neg"/>
    public class Neg_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Neg_ this[object? operand = null, string? name = null] => (Neg_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Not"/>
    public static Not_ Not => new(OpCodes.Not);

    /// <inheritdoc cref="Not"/>
    public class Not_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Not_ this[object? operand = null, string? name = null] => (Not_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_I1"/>
    public static Conv_I1_ Conv_I1 => new(OpCodes.Conv_I1);

    /// <inheritdoc cref="Conv_I1"/>
    public class Conv_I1_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_I1_ this[object? operand = null, string? name = null] => (Conv_I1_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_I2"/>
    public static Conv_I2_ Conv_I2 => new(OpCodes.Conv_I2);

    /// <inheritdoc cref="Conv_I2"/>
    public class Conv_I2_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_I2_ this[object? operand = null, string? name = null] => (Conv_I2_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_I4"/>
    public static Conv_I4_ Conv_I4 => new(OpCodes.Conv_I4);

    /// <inheritdoc cref="Conv_I4"/>
    public class Conv_I4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_I4_ this[object? operand = null, string? name = null] => (Conv_I4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_I8"/>
    public static Conv_I8_ Conv_I8 => new(OpCodes.Conv_I8);

    /// <inheritdoc cref="Conv_I8"/>
    public class Conv_I8_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_I8_ this[object? operand = null, string? name = null] => (Conv_I8_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_R4"/>
    public static Conv_R4_ Conv_R4 => new(OpCodes.Conv_R4);

    /// <inheritdoc cref="Conv_R4"/>
    public class Conv_R4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_R4_ this[object? operand = null, string? name = null] => (Conv_R4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_R8"/>
    public static Conv_R8_ Conv_R8 => new(OpCodes.Conv_R8);

    /// <inheritdoc cref="Conv_R8"/>
    public class Conv_R8_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_R8_ this[object? operand = null, string? name = null] => (Conv_R8_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_U4"/>
    public static Conv_U4_ Conv_U4 => new(OpCodes.Conv_U4);

    /// <inheritdoc cref="Conv_U4"/>
    public class Conv_U4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_U4_ this[object? operand = null, string? name = null] => (Conv_U4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_U8"/>
    public static Conv_U8_ Conv_U8 => new(OpCodes.Conv_U8);

    /// <inheritdoc cref="Conv_U8"/>
    public class Conv_U8_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_U8_ this[object? operand = null, string? name = null] => (Conv_U8_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Callvirt"/>
    public static Callvirt_ Callvirt => new(OpCodes.Callvirt);

    /// <inheritdoc cref="Callvirt"/>
    public class Callvirt_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Callvirt_ this[object? operand = null, string? name = null] => (Callvirt_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Cpobj"/>
    public static Cpobj_ Cpobj => new(OpCodes.Cpobj);

    /// <inheritdoc cref="Cpobj"/>
    public class Cpobj_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Cpobj_ this[object? operand = null, string? name = null] => (Cpobj_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldobj"/>
    public static Ldobj_ Ldobj => new(OpCodes.Ldobj);

    /// <inheritdoc cref="Ldobj"/>
    public class Ldobj_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldobj_ this[object? operand = null, string? name = null] => (Ldobj_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldstr"/>
    public static Ldstr_ Ldstr => new(OpCodes.Ldstr);

    /// <inheritdoc cref="Ldstr"/>
    public class Ldstr_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldstr_ this[object? operand = null, string? name = null] => (Ldstr_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Newobj"/>
    public static Newobj_ Newobj => new(OpCodes.Newobj);

    /// <inheritdoc cref="Newobj"/>
    public class Newobj_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Newobj_ this[object? operand = null, string? name = null] => (Newobj_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Castclass"/>
    public static Castclass_ Castclass => new(OpCodes.Castclass);

    /// <inheritdoc cref="Castclass"/>
    public class Castclass_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Castclass_ this[object? operand = null, string? name = null] => (Castclass_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Isinst"/>
    public static Isinst_ Isinst => new(OpCodes.Isinst);

    /// <inheritdoc cref="Isinst"/>
    public class Isinst_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Isinst_ this[object? operand = null, string? name = null] => (Isinst_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_R_Un"/>
    public static Conv_R_Un_ Conv_R_Un => new(OpCodes.Conv_R_Un);

    /// <inheritdoc cref="Conv_R_Un"/>
    public class Conv_R_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_R_Un_ this[object? operand = null, string? name = null] => (Conv_R_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Unbox"/>
    public static Unbox_ Unbox => new(OpCodes.Unbox);

    /// <inheritdoc cref="Unbox"/>
    public class Unbox_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Unbox_ this[object? operand = null, string? name = null] => (Unbox_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Throw"/>
    public static Throw_ Throw => new(OpCodes.Throw);

    /// <inheritdoc cref="Throw"/>
    public class Throw_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Throw_ this[object? operand = null, string? name = null] => (Throw_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldfld"/>
    public static Ldfld_ Ldfld => new(OpCodes.Ldfld);

    /// <inheritdoc cref="Ldfld"/>
    public class Ldfld_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldfld_ this[object? operand = null, string? name = null] => (Ldfld_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldflda"/>
    public static Ldflda_ Ldflda => new(OpCodes.Ldflda);

    /// <inheritdoc cref="Ldflda"/>
    public class Ldflda_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldflda_ this[object? operand = null, string? name = null] => (Ldflda_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stfld"/>
    public static Stfld_ Stfld => new(OpCodes.Stfld);

    /// <inheritdoc cref="Stfld"/>
    public class Stfld_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stfld_ this[object? operand = null, string? name = null] => (Stfld_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldsfld"/>
    public static Ldsfld_ Ldsfld => new(OpCodes.Ldsfld);

    /// <inheritdoc cref="Ldsfld"/>
    public class Ldsfld_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldsfld_ this[object? operand = null, string? name = null] => (Ldsfld_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldsflda"/>
    public static Ldsflda_ Ldsflda => new(OpCodes.Ldsflda);

    /// <inheritdoc cref="Ldsflda"/>
    public class Ldsflda_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldsflda_ this[object? operand = null, string? name = null] => (Ldsflda_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stsfld"/>
    public static Stsfld_ Stsfld => new(OpCodes.Stsfld);

    /// <inheritdoc cref="Stsfld"/>
    public class Stsfld_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stsfld_ this[object? operand = null, string? name = null] => (Stsfld_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stobj"/>
    public static Stobj_ Stobj => new(OpCodes.Stobj);

    /// <inheritdoc cref="Stobj"/>
    public class Stobj_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stobj_ this[object? operand = null, string? name = null] => (Stobj_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_I1_Un"/>
    public static Conv_Ovf_I1_Un_ Conv_Ovf_I1_Un => new(OpCodes.Conv_Ovf_I1_Un);

    /// <inheritdoc cref="Conv_Ovf_I1_Un"/>
    public class Conv_Ovf_I1_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_I1_Un_ this[object? operand = null, string? name = null] => (Conv_Ovf_I1_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_I2_Un"/>
    public static Conv_Ovf_I2_Un_ Conv_Ovf_I2_Un => new(OpCodes.Conv_Ovf_I2_Un);

    /// <inheritdoc cref="Conv_Ovf_I2_Un"/>
    public class Conv_Ovf_I2_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_I2_Un_ this[object? operand = null, string? name = null] => (Conv_Ovf_I2_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_I4_Un"/>
    public static Conv_Ovf_I4_Un_ Conv_Ovf_I4_Un => new(OpCodes.Conv_Ovf_I4_Un);

    /// <inheritdoc cref="Conv_Ovf_I4_Un"/>
    public class Conv_Ovf_I4_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_I4_Un_ this[object? operand = null, string? name = null] => (Conv_Ovf_I4_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_I8_Un"/>
    public static Conv_Ovf_I8_Un_ Conv_Ovf_I8_Un => new(OpCodes.Conv_Ovf_I8_Un);

    /// <inheritdoc cref="Conv_Ovf_I8_Un"/>
    public class Conv_Ovf_I8_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_I8_Un_ this[object? operand = null, string? name = null] => (Conv_Ovf_I8_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_U1_Un"/>
    public static Conv_Ovf_U1_Un_ Conv_Ovf_U1_Un => new(OpCodes.Conv_Ovf_U1_Un);

    /// <inheritdoc cref="Conv_Ovf_U1_Un"/>
    public class Conv_Ovf_U1_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_U1_Un_ this[object? operand = null, string? name = null] => (Conv_Ovf_U1_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_U2_Un"/>
    public static Conv_Ovf_U2_Un_ Conv_Ovf_U2_Un => new(OpCodes.Conv_Ovf_U2_Un);

    /// <inheritdoc cref="Conv_Ovf_U2_Un"/>
    public class Conv_Ovf_U2_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_U2_Un_ this[object? operand = null, string? name = null] => (Conv_Ovf_U2_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_U4_Un"/>
    public static Conv_Ovf_U4_Un_ Conv_Ovf_U4_Un => new(OpCodes.Conv_Ovf_U4_Un);

    /// <inheritdoc cref="Conv_Ovf_U4_Un"/>
    public class Conv_Ovf_U4_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_U4_Un_ this[object? operand = null, string? name = null] => (Conv_Ovf_U4_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_U8_Un"/>
    public static Conv_Ovf_U8_Un_ Conv_Ovf_U8_Un => new(OpCodes.Conv_Ovf_U8_Un);

    /// <inheritdoc cref="Conv_Ovf_U8_Un"/>
    public class Conv_Ovf_U8_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_U8_Un_ this[object? operand = null, string? name = null] => (Conv_Ovf_U8_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_I_Un"/>
    public static Conv_Ovf_I_Un_ Conv_Ovf_I_Un => new(OpCodes.Conv_Ovf_I_Un);

    /// <inheritdoc cref="Conv_Ovf_I_Un"/>
    public class Conv_Ovf_I_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_I_Un_ this[object? operand = null, string? name = null] => (Conv_Ovf_I_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_U_Un"/>
    public static Conv_Ovf_U_Un_ Conv_Ovf_U_Un => new(OpCodes.Conv_Ovf_U_Un);

    /// <inheritdoc cref="Conv_Ovf_U_Un"/>
    public class Conv_Ovf_U_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_U_Un_ this[object? operand = null, string? name = null] => (Conv_Ovf_U_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Box"/>
    public static Box_ Box => new(OpCodes.Box);

    /// <inheritdoc cref="Box"/>
    public class Box_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Box_ this[object? operand = null, string? name = null] => (Box_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Newarr"/>
    public static Newarr_ Newarr => new(OpCodes.Newarr);

    /// <inheritdoc cref="Newarr"/>
    public class Newarr_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Newarr_ this[object? operand = null, string? name = null] => (Newarr_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldlen"/>
    public static Ldlen_ Ldlen => new(OpCodes.Ldlen);

    /// <inheritdoc cref="Ldlen"/>
    public class Ldlen_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldlen_ this[object? operand = null, string? name = null] => (Ldlen_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldelema"/>
    public static Ldelema_ Ldelema => new(OpCodes.Ldelema);

    /// <inheritdoc cref="Ldelema"/>
    public class Ldelema_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldelema_ this[object? operand = null, string? name = null] => (Ldelema_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldelem_I1"/>
    public static Ldelem_I1_ Ldelem_I1 => new(OpCodes.Ldelem_I1);

    /// <inheritdoc cref="Ldelem_I1"/>
    public class Ldelem_I1_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldelem_I1_ this[object? operand = null, string? name = null] => (Ldelem_I1_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldelem_U1"/>
    public static Ldelem_U1_ Ldelem_U1 => new(OpCodes.Ldelem_U1);

    /// <inheritdoc cref="Ldelem_U1"/>
    public class Ldelem_U1_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldelem_U1_ this[object? operand = null, string? name = null] => (Ldelem_U1_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldelem_I2"/>
    public static Ldelem_I2_ Ldelem_I2 => new(OpCodes.Ldelem_I2);

    /// <inheritdoc cref="Ldelem_I2"/>
    public class Ldelem_I2_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldelem_I2_ this[object? operand = null, string? name = null] => (Ldelem_I2_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldelem_U2"/>
    public static Ldelem_U2_ Ldelem_U2 => new(OpCodes.Ldelem_U2);

    /// <inheritdoc cref="Ldelem_U2"/>
    public class Ldelem_U2_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldelem_U2_ this[object? operand = null, string? name = null] => (Ldelem_U2_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldelem_I4"/>
    public static Ldelem_I4_ Ldelem_I4 => new(OpCodes.Ldelem_I4);

    /// <inheritdoc cref="Ldelem_I4"/>
    public class Ldelem_I4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldelem_I4_ this[object? operand = null, string? name = null] => (Ldelem_I4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldelem_U4"/>
    public static Ldelem_U4_ Ldelem_U4 => new(OpCodes.Ldelem_U4);

    /// <inheritdoc cref="Ldelem_U4"/>
    public class Ldelem_U4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldelem_U4_ this[object? operand = null, string? name = null] => (Ldelem_U4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldelem_I8"/>
    public static Ldelem_I8_ Ldelem_I8 => new(OpCodes.Ldelem_I8);

    /// <inheritdoc cref="Ldelem_I8"/>
    public class Ldelem_I8_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldelem_I8_ this[object? operand = null, string? name = null] => (Ldelem_I8_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldelem_I"/>
    public static Ldelem_I_ Ldelem_I => new(OpCodes.Ldelem_I);

    /// <inheritdoc cref="Ldelem_I"/>
    public class Ldelem_I_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldelem_I_ this[object? operand = null, string? name = null] => (Ldelem_I_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldelem_R4"/>
    public static Ldelem_R4_ Ldelem_R4 => new(OpCodes.Ldelem_R4);

    /// <inheritdoc cref="Ldelem_R4"/>
    public class Ldelem_R4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldelem_R4_ this[object? operand = null, string? name = null] => (Ldelem_R4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldelem_R8"/>
    public static Ldelem_R8_ Ldelem_R8 => new(OpCodes.Ldelem_R8);

    /// <inheritdoc cref="Ldelem_R8"/>
    public class Ldelem_R8_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldelem_R8_ this[object? operand = null, string? name = null] => (Ldelem_R8_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldelem_Ref"/>
    public static Ldelem_Ref_ Ldelem_Ref => new(OpCodes.Ldelem_Ref);

    /// <inheritdoc cref="Ldelem_Ref"/>
    public class Ldelem_Ref_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldelem_Ref_ this[object? operand = null, string? name = null] => (Ldelem_Ref_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stelem_I"/>
    public static Stelem_I_ Stelem_I => new(OpCodes.Stelem_I);

    /// <inheritdoc cref="Stelem_I"/>
    public class Stelem_I_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stelem_I_ this[object? operand = null, string? name = null] => (Stelem_I_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stelem_I1"/>
    public static Stelem_I1_ Stelem_I1 => new(OpCodes.Stelem_I1);

    /// <inheritdoc cref="Stelem_I1"/>
    public class Stelem_I1_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stelem_I1_ this[object? operand = null, string? name = null] => (Stelem_I1_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stelem_I2"/>
    public static Stelem_I2_ Stelem_I2 => new(OpCodes.Stelem_I2);

    /// <inheritdoc cref="Stelem_I2"/>
    public class Stelem_I2_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stelem_I2_ this[object? operand = null, string? name = null] => (Stelem_I2_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stelem_I4"/>
    public static Stelem_I4_ Stelem_I4 => new(OpCodes.Stelem_I4);

    /// <inheritdoc cref="Stelem_I4"/>
    public class Stelem_I4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stelem_I4_ this[object? operand = null, string? name = null] => (Stelem_I4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stelem_I8"/>
    public static Stelem_I8_ Stelem_I8 => new(OpCodes.Stelem_I8);

    /// <inheritdoc cref="Stelem_I8"/>
    public class Stelem_I8_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stelem_I8_ this[object? operand = null, string? name = null] => (Stelem_I8_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stelem_R4"/>
    public static Stelem_R4_ Stelem_R4 => new(OpCodes.Stelem_R4);

    /// <inheritdoc cref="Stelem_R4"/>
    public class Stelem_R4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stelem_R4_ this[object? operand = null, string? name = null] => (Stelem_R4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stelem_R8"/>
    public static Stelem_R8_ Stelem_R8 => new(OpCodes.Stelem_R8);

    /// <inheritdoc cref="Stelem_R8"/>
    public class Stelem_R8_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stelem_R8_ this[object? operand = null, string? name = null] => (Stelem_R8_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stelem_Ref"/>
    public static Stelem_Ref_ Stelem_Ref => new(OpCodes.Stelem_Ref);

    /// <inheritdoc cref="Stelem_Ref"/>
    public class Stelem_Ref_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stelem_Ref_ this[object? operand = null, string? name = null] => (Stelem_Ref_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldelem"/>
    public static Ldelem_ Ldelem => new(OpCodes.Ldelem);

    /// <inheritdoc cref="Ldelem"/>
    public class Ldelem_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldelem_ this[object? operand = null, string? name = null] => (Ldelem_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stelem"/>
    public static Stelem_ Stelem => new(OpCodes.Stelem);

    /// <inheritdoc cref="Stelem"/>
    public class Stelem_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stelem_ this[object? operand = null, string? name = null] => (Stelem_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Unbox_Any"/>
    public static Unbox_Any_ Unbox_Any => new(OpCodes.Unbox_Any);

    /// <inheritdoc cref="Unbox_Any"/>
    public class Unbox_Any_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Unbox_Any_ this[object? operand = null, string? name = null] => (Unbox_Any_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_I1"/>
    public static Conv_Ovf_I1_ Conv_Ovf_I1 => new(OpCodes.Conv_Ovf_I1);

    /// <inheritdoc cref="Conv_Ovf_I1"/>
    public class Conv_Ovf_I1_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_I1_ this[object? operand = null, string? name = null] => (Conv_Ovf_I1_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_U1"/>
    public static Conv_Ovf_U1_ Conv_Ovf_U1 => new(OpCodes.Conv_Ovf_U1);

    /// <inheritdoc cref="Conv_Ovf_U1"/>
    public class Conv_Ovf_U1_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_U1_ this[object? operand = null, string? name = null] => (Conv_Ovf_U1_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_I2"/>
    public static Conv_Ovf_I2_ Conv_Ovf_I2 => new(OpCodes.Conv_Ovf_I2);

    /// <inheritdoc cref="Conv_Ovf_I2"/>
    public class Conv_Ovf_I2_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_I2_ this[object? operand = null, string? name = null] => (Conv_Ovf_I2_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_U2"/>
    public static Conv_Ovf_U2_ Conv_Ovf_U2 => new(OpCodes.Conv_Ovf_U2);

    /// <inheritdoc cref="Conv_Ovf_U2"/>
    public class Conv_Ovf_U2_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_U2_ this[object? operand = null, string? name = null] => (Conv_Ovf_U2_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_I4"/>
    public static Conv_Ovf_I4_ Conv_Ovf_I4 => new(OpCodes.Conv_Ovf_I4);

    /// <inheritdoc cref="Conv_Ovf_I4"/>
    public class Conv_Ovf_I4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_I4_ this[object? operand = null, string? name = null] => (Conv_Ovf_I4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_U4"/>
    public static Conv_Ovf_U4_ Conv_Ovf_U4 => new(OpCodes.Conv_Ovf_U4);

    /// <inheritdoc cref="Conv_Ovf_U4"/>
    public class Conv_Ovf_U4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_U4_ this[object? operand = null, string? name = null] => (Conv_Ovf_U4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_I8"/>
    public static Conv_Ovf_I8_ Conv_Ovf_I8 => new(OpCodes.Conv_Ovf_I8);

    /// <inheritdoc cref="Conv_Ovf_I8"/>
    public class Conv_Ovf_I8_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_I8_ this[object? operand = null, string? name = null] => (Conv_Ovf_I8_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_U8"/>
    public static Conv_Ovf_U8_ Conv_Ovf_U8 => new(OpCodes.Conv_Ovf_U8);

    /// <inheritdoc cref="Conv_Ovf_U8"/>
    public class Conv_Ovf_U8_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_U8_ this[object? operand = null, string? name = null] => (Conv_Ovf_U8_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Refanyval"/>
    public static Refanyval_ Refanyval => new(OpCodes.Refanyval);

    /// <inheritdoc cref="Refanyval"/>
    public class Refanyval_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Refanyval_ this[object? operand = null, string? name = null] => (Refanyval_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ckfinite"/>
    public static Ckfinite_ Ckfinite => new(OpCodes.Ckfinite);

    /// <inheritdoc cref="Ckfinite"/>
    public class Ckfinite_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ckfinite_ this[object? operand = null, string? name = null] => (Ckfinite_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Mkrefany"/>
    public static Mkrefany_ Mkrefany => new(OpCodes.Mkrefany);

    /// <inheritdoc cref="Mkrefany"/>
    public class Mkrefany_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Mkrefany_ this[object? operand = null, string? name = null] => (Mkrefany_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldtoken"/>
    public static Ldtoken_ Ldtoken => new(OpCodes.Ldtoken);

    /// <inheritdoc cref="Ldtoken"/>
    public class Ldtoken_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldtoken_ this[object? operand = null, string? name = null] => (Ldtoken_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_U2"/>
    public static Conv_U2_ Conv_U2 => new(OpCodes.Conv_U2);

    /// <inheritdoc cref="Conv_U2"/>
    public class Conv_U2_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_U2_ this[object? operand = null, string? name = null] => (Conv_U2_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_U1"/>
    public static Conv_U1_ Conv_U1 => new(OpCodes.Conv_U1);

    /// <inheritdoc cref="Conv_U1"/>
    public class Conv_U1_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_U1_ this[object? operand = null, string? name = null] => (Conv_U1_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_I"/>
    public static Conv_I_ Conv_I => new(OpCodes.Conv_I);

    /// <inheritdoc cref="Conv_I"/>
    public class Conv_I_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_I_ this[object? operand = null, string? name = null] => (Conv_I_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_I"/>
    public static Conv_Ovf_I_ Conv_Ovf_I => new(OpCodes.Conv_Ovf_I);

    /// <inheritdoc cref="Conv_Ovf_I"/>
    public class Conv_Ovf_I_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_I_ this[object? operand = null, string? name = null] => (Conv_Ovf_I_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_Ovf_U"/>
    public static Conv_Ovf_U_ Conv_Ovf_U => new(OpCodes.Conv_Ovf_U);

    /// <inheritdoc cref="Conv_Ovf_U"/>
    public class Conv_Ovf_U_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_Ovf_U_ this[object? operand = null, string? name = null] => (Conv_Ovf_U_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Add_Ovf"/>
    public static Add_Ovf_ Add_Ovf => new(OpCodes.Add_Ovf);

    /// <inheritdoc cref="Add_Ovf"/>
    public class Add_Ovf_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Add_Ovf_ this[object? operand = null, string? name = null] => (Add_Ovf_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Add_Ovf_Un"/>
    public static Add_Ovf_Un_ Add_Ovf_Un => new(OpCodes.Add_Ovf_Un);

    /// <inheritdoc cref="Add_Ovf_Un"/>
    public class Add_Ovf_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Add_Ovf_Un_ this[object? operand = null, string? name = null] => (Add_Ovf_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Mul_Ovf"/>
    public static Mul_Ovf_ Mul_Ovf => new(OpCodes.Mul_Ovf);

    /// <inheritdoc cref="Mul_Ovf"/>
    public class Mul_Ovf_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Mul_Ovf_ this[object? operand = null, string? name = null] => (Mul_Ovf_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Mul_Ovf_Un"/>
    public static Mul_Ovf_Un_ Mul_Ovf_Un => new(OpCodes.Mul_Ovf_Un);

    /// <inheritdoc cref="Mul_Ovf_Un"/>
    public class Mul_Ovf_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Mul_Ovf_Un_ this[object? operand = null, string? name = null] => (Mul_Ovf_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Sub_Ovf"/>
    public static Sub_Ovf_ Sub_Ovf => new(OpCodes.Sub_Ovf);

    /// <inheritdoc cref="Sub_Ovf"/>
    public class Sub_Ovf_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Sub_Ovf_ this[object? operand = null, string? name = null] => (Sub_Ovf_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Sub_Ovf_Un"/>
    public static Sub_Ovf_Un_ Sub_Ovf_Un => new(OpCodes.Sub_Ovf_Un);

    /// <inheritdoc cref="Sub_Ovf_Un"/>
    public class Sub_Ovf_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Sub_Ovf_Un_ this[object? operand = null, string? name = null] => (Sub_Ovf_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Endfinally"/>
    public static Endfinally_ Endfinally => new(OpCodes.Endfinally);

    /// <inheritdoc cref="Endfinally"/>
    public class Endfinally_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Endfinally_ this[object? operand = null, string? name = null] => (Endfinally_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Leave"/>
    public static Leave_ Leave => new(OpCodes.Leave);

    /// <inheritdoc cref="Leave"/>
    public class Leave_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Leave_ this[object? operand = null, string? name = null] => (Leave_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Leave_S"/>
    public static Leave_S_ Leave_S => new(OpCodes.Leave_S);

    /// <inheritdoc cref="Leave_S"/>
    public class Leave_S_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Leave_S_ this[object? operand = null, string? name = null] => (Leave_S_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stind_I"/>
    public static Stind_I_ Stind_I => new(OpCodes.Stind_I);

    /// <inheritdoc cref="Stind_I"/>
    public class Stind_I_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stind_I_ this[object? operand = null, string? name = null] => (Stind_I_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Conv_U"/>
    public static Conv_U_ Conv_U => new(OpCodes.Conv_U);

    /// <inheritdoc cref="Conv_U"/>
    public class Conv_U_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Conv_U_ this[object? operand = null, string? name = null] => (Conv_U_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Prefix7"/>
    public static Prefix7_ Prefix7 => new(OpCodes.Prefix7);

    /// <inheritdoc cref="Prefix7"/>
    public class Prefix7_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Prefix7_ this[object? operand = null, string? name = null] => (Prefix7_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Prefix6"/>
    public static Prefix6_ Prefix6 => new(OpCodes.Prefix6);

    /// <inheritdoc cref="Prefix6"/>
    public class Prefix6_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Prefix6_ this[object? operand = null, string? name = null] => (Prefix6_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Prefix5"/>
    public static Prefix5_ Prefix5 => new(OpCodes.Prefix5);

    /// <inheritdoc cref="Prefix5"/>
    public class Prefix5_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Prefix5_ this[object? operand = null, string? name = null] => (Prefix5_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Prefix4"/>
    public static Prefix4_ Prefix4 => new(OpCodes.Prefix4);

    /// <inheritdoc cref="Prefix4"/>
    public class Prefix4_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Prefix4_ this[object? operand = null, string? name = null] => (Prefix4_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Prefix3"/>
    public static Prefix3_ Prefix3 => new(OpCodes.Prefix3);

    /// <inheritdoc cref="Prefix3"/>
    public class Prefix3_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Prefix3_ this[object? operand = null, string? name = null] => (Prefix3_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Prefix2"/>
    public static Prefix2_ Prefix2 => new(OpCodes.Prefix2);

    /// <inheritdoc cref="Prefix2"/>
    public class Prefix2_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Prefix2_ this[object? operand = null, string? name = null] => (Prefix2_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Prefix1"/>
    public static Prefix1_ Prefix1 => new(OpCodes.Prefix1);

    /// <inheritdoc cref="Prefix1"/>
    public class Prefix1_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Prefix1_ this[object? operand = null, string? name = null] => (Prefix1_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Prefixref"/>
    public static Prefixref_ Prefixref => new(OpCodes.Prefixref);

    /// <inheritdoc cref="Prefixref"/>
    public class Prefixref_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Prefixref_ this[object? operand = null, string? name = null] => (Prefixref_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Arglist"/>
    public static Arglist_ Arglist => new(OpCodes.Arglist);

    /// <inheritdoc cref="Arglist"/>
    public class Arglist_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Arglist_ this[object? operand = null, string? name = null] => (Arglist_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ceq"/>
    public static Ceq_ Ceq => new(OpCodes.Ceq);

    /// <inheritdoc cref="Ceq"/>
    public class Ceq_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ceq_ this[object? operand = null, string? name = null] => (Ceq_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Cgt"/>
    public static Cgt_ Cgt => new(OpCodes.Cgt);

    /// <inheritdoc cref="Cgt"/>
    public class Cgt_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Cgt_ this[object? operand = null, string? name = null] => (Cgt_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Cgt_Un"/>
    public static Cgt_Un_ Cgt_Un => new(OpCodes.Cgt_Un);

    /// <inheritdoc cref="Cgt_Un"/>
    public class Cgt_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Cgt_Un_ this[object? operand = null, string? name = null] => (Cgt_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Clt"/>
    public static Clt_ Clt => new(OpCodes.Clt);

    /// <inheritdoc cref="Clt"/>
    public class Clt_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Clt_ this[object? operand = null, string? name = null] => (Clt_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Clt_Un"/>
    public static Clt_Un_ Clt_Un => new(OpCodes.Clt_Un);

    /// <inheritdoc cref="Clt_Un"/>
    public class Clt_Un_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Clt_Un_ this[object? operand = null, string? name = null] => (Clt_Un_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldftn"/>
    public static Ldftn_ Ldftn => new(OpCodes.Ldftn);

    /// <inheritdoc cref="Ldftn"/>
    public class Ldftn_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldftn_ this[object? operand = null, string? name = null] => (Ldftn_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldvirtftn"/>
    public static Ldvirtftn_ Ldvirtftn => new(OpCodes.Ldvirtftn);

    /// <inheritdoc cref="Ldvirtftn"/>
    public class Ldvirtftn_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldvirtftn_ this[object? operand = null, string? name = null] => (Ldvirtftn_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldarg"/>
    public static Ldarg_ Ldarg => new(OpCodes.Ldarg);

    /// <inheritdoc cref="Ldarg"/>
    public class Ldarg_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldarg_ this[object? operand = null, string? name = null] => (Ldarg_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldarga"/>
    public static Ldarga_ Ldarga => new(OpCodes.Ldarga);

    /// <inheritdoc cref="Ldarga"/>
    public class Ldarga_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldarga_ this[object? operand = null, string? name = null] => (Ldarga_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Starg"/>
    public static Starg_ Starg => new(OpCodes.Starg);

    /// <inheritdoc cref="Starg"/>
    public class Starg_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Starg_ this[object? operand = null, string? name = null] => (Starg_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldloc"/>
    public static Ldloc_ Ldloc => new(OpCodes.Ldloc);

    /// <inheritdoc cref="Ldloc"/>
    public class Ldloc_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldloc_ this[object? operand = null, string? name = null] => (Ldloc_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Ldloca"/>
    public static Ldloca_ Ldloca => new(OpCodes.Ldloca);

    /// <inheritdoc cref="Ldloca"/>
    public class Ldloca_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Ldloca_ this[object? operand = null, string? name = null] => (Ldloca_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Stloc"/>
    public static Stloc_ Stloc => new(OpCodes.Stloc);

    /// <inheritdoc cref="Stloc"/>
    public class Stloc_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Stloc_ this[object? operand = null, string? name = null] => (Stloc_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Localloc"/>
    public static Localloc_ Localloc => new(OpCodes.Localloc);

    /// <inheritdoc cref="Localloc"/>
    public class Localloc_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Localloc_ this[object? operand = null, string? name = null] => (Localloc_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Endfilter"/>
    public static Endfilter_ Endfilter => new(OpCodes.Endfilter);

    /// <inheritdoc cref="Endfilter"/>
    public class Endfilter_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Endfilter_ this[object? operand = null, string? name = null] => (Endfilter_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Unaligned"/>
    public static Unaligned_ Unaligned => new(OpCodes.Unaligned);

    /// <inheritdoc cref="Unaligned"/>
    public class Unaligned_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Unaligned_ this[object? operand = null, string? name = null] => (Unaligned_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Volatile"/>
    public static Volatile_ Volatile => new(OpCodes.Volatile);

    /// <inheritdoc cref="Volatile"/>
    public class Volatile_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Volatile_ this[object? operand = null, string? name = null] => (Volatile_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Tailcall"/>
    public static Tailcall_ Tailcall => new(OpCodes.Tailcall);

    /// <inheritdoc cref="Tailcall"/>
    public class Tailcall_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Tailcall_ this[object? operand = null, string? name = null] => (Tailcall_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Initobj"/>
    public static Initobj_ Initobj => new(OpCodes.Initobj);

    /// <inheritdoc cref="Initobj"/>
    public class Initobj_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Initobj_ this[object? operand = null, string? name = null] => (Initobj_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Constrained"/>
    public static Constrained_ Constrained => new(OpCodes.Constrained);

    /// <inheritdoc cref="Constrained"/>
    public class Constrained_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Constrained_ this[object? operand = null, string? name = null] => (Constrained_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Cpblk"/>
    public static Cpblk_ Cpblk => new(OpCodes.Cpblk);

    /// <inheritdoc cref="Cpblk"/>
    public class Cpblk_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Cpblk_ this[object? operand = null, string? name = null] => (Cpblk_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Initblk"/>
    public static Initblk_ Initblk => new(OpCodes.Initblk);

    /// <inheritdoc cref="Initblk"/>
    public class Initblk_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Initblk_ this[object? operand = null, string? name = null] => (Initblk_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Rethrow"/>
    public static Rethrow_ Rethrow => new(OpCodes.Rethrow);

    /// <inheritdoc cref="Rethrow"/>
    public class Rethrow_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Rethrow_ this[object? operand = null, string? name = null] => (Rethrow_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Sizeof"/>
    public static Sizeof_ Sizeof => new(OpCodes.Sizeof);

    /// <inheritdoc cref="Sizeof"/>
    public class Sizeof_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Sizeof_ this[object? operand = null, string? name = null] => (Sizeof_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Refanytype"/>
    public static Refanytype_ Refanytype => new(OpCodes.Refanytype);

    /// <inheritdoc cref="Refanytype"/>
    public class Refanytype_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Refanytype_ this[object? operand = null, string? name = null] => (Refanytype_)Set(operand, name);
    }

    /// <inheritdoc cref="OpCodes.Readonly"/>
    public static Readonly_ Readonly => new(OpCodes.Readonly);

    /// <inheritdoc cref="Readonly"/>
    public class Readonly_(OpCode opcode) : CodeMatch(opcode)
    {
        /// <summary>With that operand, under that name.</summary>
        public Readonly_ this[object? operand = null, string? name = null] => (Readonly_)Set(operand, name);
    }
}
