# Qué se rechazó y qué hacer.
problem-old-form = Este formulario ya no sirve
problem-old-form-next = Usted u otra persona entró de nuevo después de abrirlo. Abra la página otra vez y mándelo desde allí.
refused-tries = { $minutes ->
    [one] Demasiados intentos. Pruebe otra vez en un minuto
   *[other] Demasiados intentos. Pruebe otra vez en { $minutes } minutos
}
refused-sign-in = El nombre, la frase o el código está mal. Escriba los tres otra vez
refused-passphrase = La frase está mal. Escríbala otra vez
refused-off = Esta cuenta está apagada. La administración de su agencia la enciende
refused-role = Esta no es una de sus funciones. Elija otra
refused-invitation = Esta invitación está mal, ya se usó o venció. Revise el nombre y el código, o pida otra
refused-name = Un nombre tiene de 3 a 64 letras minúsculas, cifras, puntos, guiones, guiones bajos o @
refused-name-taken = Alguien ya tiene este nombre. Elija otro
refused-no-member = Nadie de su agencia tiene este nombre, puede leer esto y tiene esta huella
refused-terminal = Las cuentas de administración se crean, se cambian y se invitan de nuevo solo en la terminal
refused-roles = Elija al menos una función. Administración y auditoría van solas, y quien cuenta para el estado no tiene otra función
refused-two-officers = Primero deben estar dos personas de administración. Dos devuelven lo que alguien pierde
refused-compartment-there = Su agencia ya lo tiene
refused-no-key = Usted no lee esto. Revise el número
refused-no-share = Usted no guarda una parte de esto. Lo entrega otra persona de administración
refused-passphrase-short = Hágala más larga: al menos 15 caracteres
refused-passphrase-long = Hágala más corta: como mucho 256 caracteres
refused-passphrase-common = Mucha gente usa esta. Tome cuatro o cinco palabras sin relación
refused-passphrase-pattern = Se repite o sigue el alfabeto, las cifras o el teclado. Tome palabras
refused-passphrase-name = Su nombre está en ella. Quítelo
refused-passphrase-clearway = «Clearway» está en ella. Quítelo
refused-passphrase-character = Tiene un carácter que no está en todos los teclados, como un tabulador. Quítelo
