"""Rules compiled to closures: what a flag answers, without reading its definition again."""

from reliability.flags.evaluator.flag import Answer, ErrorCode, Flag, Reason, compile_flag

__all__ = ["Answer", "ErrorCode", "Flag", "Reason", "compile_flag"]
