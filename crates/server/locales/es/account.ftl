# Su propia página.
account-tab = Mi cuenta
account-heading = Mi cuenta
account-agency = Agencia
account-role = Función
account-purpose = Para qué
account-purpose-hint = Queda en la auditoría desde ahora.
account-print = Huella de su clave
account-report-heading = Lo que la auditoría dice de usted
account-report = Todo lo que vio e hizo aquí, lo más nuevo primero, hasta cien renglones. Su auditoría ve lo mismo.
account-report-caption = Sus propios actos
account-role-heading = Actuar en otra de sus funciones
account-role-lead = Usted ve y hace solo lo que esa función permite.
account-role-button = Cambiar de función
account-passphrase-heading = Cambiar su frase de contraseña
account-passphrase-lead = Lo que podía leer se sigue leyendo. Sus otras sesiones se cierran.
account-old = La frase que tiene
account-new = La nueva
account-passphrase-button = Cambiar la frase
account-lost-heading = Después de perder una frase
account-lost = ¿Se unió otra vez con una invitación nueva? Dos personas de administración le devuelven lo que podía leer. Cada una le pide antes su huella.
account-lost-button = Ver qué ha vuelto
account-back = Puede leer esto otra vez
account-nothing-back = Todavía no ha vuelto nada
account-nothing-back-why = O no hay nada pendiente, o aún no lo entregaron dos personas de administración. Llámelas y léales su huella.
account-recovered = { $number ->
    [one] Volvió una clase de texto: la puede leer otra vez
   *[other] Volvieron { $number } clases de texto: las puede leer otra vez
}
account-done-role = Ahora actúa en otra función
account-done-passphrase = Su frase se cambió
